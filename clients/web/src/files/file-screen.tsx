import type { TreeEntry } from "@gitblobs/protocol/store";
import { useEffect, useState } from "react";
import type { Replica } from "../replica/replica.ts";
import { Empty } from "../ui/empty.tsx";
import { formatBytes, shortHash } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { goTo, guardLeaving, hrefOf } from "../ui/route.ts";
import { announce, messageOf } from "../ui/toast.tsx";
import { saveFile } from "./actions.ts";
import { bytesOf, readContent } from "./content.ts";
import { FileMenu } from "./file-menu.tsx";
import { Preview } from "./preview.tsx";
import { useFiles } from "./use-files.ts";

/** One file: seen, edited, renamed, deleted. */
export default function FileScreen(props: { readonly replica: Replica; readonly path: string }) {
  const { replica, path } = props;
  const files = useFiles(replica);
  const { store } = replica;
  return (
    <>
      <a className="back" href={hrefOf({ page: "files", store })}>
        <Icon name="back" /> All files
      </a>
      <WhenLoaded loaded={files}>
        {(map) => {
          const entry = map.get(path);
          return entry === undefined ? (
            <Empty icon="file" title="This file is not here">
              It was renamed or deleted. Earlier versions are in the{" "}
              <a href={hrefOf({ page: "history", store })}>history</a>.
            </Empty>
          ) : (
            <OneFile replica={replica} path={path} entry={entry} />
          );
        }}
      </WhenLoaded>
    </>
  );
}

function OneFile(props: {
  readonly replica: Replica;
  readonly path: string;
  readonly entry: TreeEntry;
}) {
  const { replica, path, entry } = props;
  const { store } = replica;
  const [draft, setDraft] = useState<Draft | null>(null);
  const loaded = useLoaded(async () => readContent(await bytesOf(replica, entry)), entry.blob_hash);
  const isText = loaded.kind === "ready" && loaded.value.kind === "text";
  return (
    <>
      <div className="page-head">
        <h1 className="path" dir="auto">
          {path}
        </h1>
        <div className="actions">
          {draft === null && isText && (
            <button
              className="btn primary"
              onClick={() => {
                const text = loaded.value.kind === "text" ? loaded.value.text : "";
                setDraft({ text, base: entry.blob_hash, original: text });
              }}
            >
              <Icon name="edit" /> Edit
            </button>
          )}
          <FileMenu
            replica={replica}
            path={path}
            entry={entry}
            onGone={() => {
              goTo({ page: "files", store });
            }}
            onRenamed={(to) => {
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
            {draft === null ? (
              <Preview content={content} name={path} />
            ) : (
              <Editor
                replica={replica}
                path={path}
                draft={draft}
                present={entry.blob_hash}
                onChange={setDraft}
                onClose={() => {
                  setDraft(null);
                }}
              />
            )}
          </>
        )}
      </WhenLoaded>
    </>
  );
}

interface Draft {
  readonly text: string;
  readonly original: string;
  /** The blob the draft began from. */
  readonly base: string;
}

function Editor(props: {
  readonly replica: Replica;
  readonly path: string;
  readonly draft: Draft;
  readonly present: string;
  readonly onChange: (draft: Draft) => void;
  readonly onClose: () => void;
}) {
  const { replica, path, draft } = props;
  const [problem, setProblem] = useState<string | null>(null);
  const isChanged = draft.text !== draft.original;
  useLeaveGuard(isChanged);
  const save = async () => {
    // A text area turns line ends into LF; a file that had CRLF gets them back.
    const usesCrLf = draft.original.includes("\r\n");
    const text = usesCrLf ? draft.text.replaceAll(/\r?\n/gu, "\r\n") : draft.text;
    await saveFile(replica, path, new TextEncoder().encode(text));
    announce("Saved.");
    props.onClose();
  };
  const trySave = () => {
    save().catch((error: unknown) => {
      setProblem(messageOf(error));
    });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        trySave();
      }}
    >
      {props.present !== draft.base && (
        <p className="notice">
          Another device changed this file meanwhile. Saving replaces its version, which stays in
          the history.
        </p>
      )}
      {problem !== null && (
        <p className="notice bad" role="alert">
          Not saved. {problem}
        </p>
      )}
      <label className="hidden" htmlFor="editor">
        Content of {path}
      </label>
      <textarea
        id="editor"
        className="editor"
        dir="auto"
        value={draft.text}
        spellCheck={false}
        autoFocus
        onChange={(event) => {
          props.onChange({ ...draft, text: event.target.value });
        }}
        onKeyDown={(event) => {
          if ((event.ctrlKey || event.metaKey) && event.key === "s") {
            event.preventDefault();
            trySave();
          }
        }}
      />
      <div className="actions">
        <button type="button" className="btn" onClick={props.onClose}>
          {isChanged ? "Discard changes" : "Close"}
        </button>
        <button className="btn primary" disabled={!isChanged}>
          Save
        </button>
      </div>
    </form>
  );
}

/** Asks before unsaved changes are left behind. */
function useLeaveGuard(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return undefined;
    const onUnload = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    addEventListener("beforeunload", onUnload);
    const release = guardLeaving(() => confirm("Leave without saving your changes?"));
    return () => {
      removeEventListener("beforeunload", onUnload);
      release();
    };
  }, [isChanged]);
}
