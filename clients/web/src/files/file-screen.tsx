import type { TreeEntry } from "@gitblobs/client/store";
import type { Replica } from "../replica/replica.ts";
import { Empty } from "../ui/empty.tsx";
import { formatBytes, shortHash, shownName } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { goTo, hrefOf } from "../ui/route.ts";
import { useValue } from "../ui/value.ts";
import { bytesOf, readContent } from "./content.ts";
import { draftAt, drafts, dropDraft, keepDraft, type DraftPlace } from "./drafts.ts";
import { Editor } from "./editor.tsx";
import { FileMenu } from "./file-menu.tsx";
import { Preview } from "./preview.tsx";
import { useFiles } from "./use-files.ts";

/** One file: seen, edited, renamed, deleted. */
export default function FileScreen(props: { readonly replica: Replica; readonly path: string }) {
  const { replica, path } = props;
  const files = useFiles(replica);
  const { store } = replica;
  const place = { ...replica.place, path };
  const draft = draftAt(useValue(drafts), place);
  return (
    <>
      <a className="back" href={hrefOf({ page: "files", store })}>
        <Icon name="back" /> All files
      </a>
      <WhenLoaded loaded={files}>
        {(map) => {
          const entry = map.get(path);
          if (entry !== undefined)
            return <OneFile replica={replica} place={place} path={path} entry={entry} />;
          if (draft !== undefined)
            return (
              <>
                <h1 className="path" dir="auto">
                  {shownName(path)}
                </h1>
                <Editor replica={replica} draft={draft} present={null} />
              </>
            );
          return (
            <Empty icon="file" title="This file is not here">
              It was renamed or deleted.{" "}
              <a href={hrefOf({ page: "versions", store, path })}>Its earlier versions</a> can be
              restored.
            </Empty>
          );
        }}
      </WhenLoaded>
    </>
  );
}

function OneFile(props: {
  readonly replica: Replica;
  readonly place: DraftPlace;
  readonly path: string;
  readonly entry: TreeEntry;
}) {
  const { replica, place, path, entry } = props;
  const { store } = replica;
  const draft = draftAt(useValue(drafts), place);
  const loaded = useLoaded(async () => readContent(await bytesOf(replica, entry)), entry.blob_hash);
  const text = loaded.kind === "ready" && loaded.value.kind === "text" ? loaded.value.text : null;
  return (
    <>
      <div className="page-head">
        <h1 className="path" dir="auto">
          {shownName(path)}
        </h1>
        <div className="actions">
          {draft === undefined && text !== null && (
            <button
              className="btn primary"
              onClick={() => {
                keepDraft({ ...place, text, base: entry.blob_hash, original: text });
              }}
            >
              <Icon name="edit" /> Edit
            </button>
          )}
          <a className="btn" href={hrefOf({ page: "versions", store, path })}>
            <Icon name="history" /> Versions
          </a>
          <FileMenu
            replica={replica}
            path={path}
            entry={entry}
            onGone={() => {
              dropDraft(place);
              goTo({ page: "files", store });
            }}
            onRenamed={(to) => {
              if (draft !== undefined) keepDraft({ ...draft, path: to });
              dropDraft(place);
              goTo({ page: "file", store, path: to });
            }}
          />
        </div>
      </div>
      <WhenLoaded loaded={loaded}>
        {(content) => (
          <>
            <p className="muted">
              {formatBytes(content.bytes.length)} · <code>{shortHash(entry.blob_hash)}</code>
            </p>
            {draft === undefined && <Preview content={content} name={path} />}
          </>
        )}
      </WhenLoaded>
      {draft !== undefined && <Editor replica={replica} draft={draft} present={entry.blob_hash} />}
    </>
  );
}
