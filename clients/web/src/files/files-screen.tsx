import type { TreeEntry } from "@gitblobs/client/store";
import { useRef, useState, type DragEvent } from "react";
import { undoOf } from "../history/way-back.ts";
import type { Replica } from "../replica/replica.ts";
import { plural, shortHash, shownName } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { WhenLoaded } from "../ui/loaded.tsx";
import { goTo, hrefOf } from "../ui/route.ts";
import { announce, run } from "../ui/toast.tsx";
import { withProgress } from "../ui/work.tsx";
import { addFiles } from "./actions.ts";
import { FileMenu } from "./file-menu.tsx";
import { filesOf } from "./dropped-files.ts";
import { NothingHere } from "./nothing-here.tsx";
import { NewFileDialog } from "./new-file-dialog.tsx";
import { UnsavedNotice } from "./unsaved-notice.tsx";
import { useFiles } from "./use-files.ts";

/** Rows shown at first: a page of ten thousand would not move. */
const PAGE = 200;

/** The files of the head: find, add, open. */
export function FilesScreen({ replica }: { readonly replica: Replica }) {
  const files = useFiles(replica);
  const [wanted, setWanted] = useState("");
  const [limit, setLimit] = useState(PAGE);
  const [isAdding, setAdding] = useState(false);
  const [isOver, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);

  const upload = async (list: readonly File[]) => {
    if (list.length === 0) return;
    const title = `Adding ${plural(list.length, "file")}`;
    const commit = await withProgress(title, async (report) =>
      addFiles(replica, await filesOf(list), (done) => {
        report(title, done, list.length);
      }),
    );
    const undo = commit === undefined ? undefined : undoOf(replica, commit);
    announce(`${plural(list.length, "file")} added.`, undo);
  };
  const drop = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (event.currentTarget === event.target) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const list = [...event.dataTransfer.files];
      run(() => upload(list));
    },
  };
  return (
    <div className={isOver ? "drop over" : "drop"} {...drop}>
      <div className="page-head">
        <h1 className="hidden">Files of {replica.store}</h1>
        <label className="search">
          <Icon name="search" />
          <span className="hidden">Find a file by name</span>
          <input
            type="search"
            placeholder="Find a file"
            value={wanted}
            onChange={(event) => {
              setWanted(event.target.value);
              setLimit(PAGE);
            }}
          />
        </label>
        <div className="actions">
          <button className="btn" onClick={() => picker.current?.click()}>
            <Icon name="upload" /> Upload
          </button>
          <button
            className="btn primary"
            onClick={() => {
              setAdding(true);
            }}
          >
            <Icon name="plus" /> New file
          </button>
        </div>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            const list = [...(event.target.files ?? [])];
            event.target.value = "";
            run(() => upload(list));
          }}
        />
      </div>
      <UnsavedNotice store={replica.store} />
      <WhenLoaded loaded={files}>
        {(map) => {
          const found = find(map, wanted);
          if (map.size === 0) {
            return <NothingHere replica={replica} />;
          }
          return (
            <>
              <p className="muted count-line">
                {wanted === ""
                  ? plural(map.size, "file")
                  : `${found.length} of ${plural(map.size, "file")}`}
              </p>
              <ul className="rows">
                {found.slice(0, limit).map(([path, entry]) => (
                  <FileRow key={path} replica={replica} path={path} entry={entry} />
                ))}
              </ul>
              {found.length > limit && (
                <button
                  className="btn"
                  onClick={() => {
                    setLimit(limit + PAGE);
                  }}
                >
                  Show more
                </button>
              )}
            </>
          );
        }}
      </WhenLoaded>
      {isAdding && (
        <NewFileDialog
          replica={replica}
          onClose={() => {
            setAdding(false);
          }}
          onMade={(path) => {
            goTo({ page: "file", store: replica.store, path });
          }}
        />
      )}
    </div>
  );
}

function FileRow(props: {
  readonly replica: Replica;
  readonly path: string;
  readonly entry: TreeEntry;
}) {
  const { replica, path, entry } = props;
  const cut = path.lastIndexOf("/") + 1;
  return (
    <li className="row file-row">
      <Icon name={/\.(png|jpe?g|gif|webp|avif)$/iu.test(path) ? "image" : "file"} />
      <a
        className="grow path"
        dir="auto"
        href={hrefOf({ page: "file", store: replica.store, path })}
      >
        {cut > 0 && <span className="muted">{shownName(path.slice(0, cut))}</span>}
        {shownName(path.slice(cut))}
      </a>
      {entry.metadata_hash !== "" && <span className="tag">metadata</span>}
      <code className="hash">{shortHash(entry.blob_hash)}</code>
      <FileMenu replica={replica} path={path} entry={entry} />
    </li>
  );
}

/** The files whose name holds all the words, in any case, by name. */
export function find(files: ReadonlyMap<string, TreeEntry>, wanted: string): [string, TreeEntry][] {
  const words = wanted.toLowerCase().split(/\s+/u);
  const found = [...files].filter(([path]) =>
    words.every((word) => path.toLowerCase().includes(word)),
  );
  return found.sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
}
