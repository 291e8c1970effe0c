import { deletedFiles, type DeletedFile } from "@gitblobs/client/history";
import { useState } from "react";
import type { Replica } from "../replica/replica.ts";
import { Empty } from "../ui/empty.tsx";
import { formatAgo, shownName } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { hrefOf } from "../ui/route.ts";
import { run } from "../ui/toast.tsx";
import { useValue } from "../ui/value.ts";
import { restore } from "./way-back.ts";

const PAGE = 100;

/** Files that are there no more; each can be looked at and restored. */
export default function DeletedScreen({ replica }: { readonly replica: Replica }) {
  const { store } = replica;
  const head = useValue(replica.head);
  const [limit, setLimit] = useState(PAGE);
  const loaded = useLoaded(
    async () => (head === null ? [] : readDeleted(replica, head, limit)),
    `${head ?? "empty"} ${limit}`,
  );
  return (
    <>
      <a className="back" href={hrefOf({ page: "history", store })}>
        <Icon name="back" /> History
      </a>
      <h1>Deleted files</h1>
      <WhenLoaded loaded={loaded}>
        {(files) =>
          files.length === 0 ? (
            <Empty icon="file" title="No deleted files">
              Every file that this store ever had is there.
            </Empty>
          ) : (
            <>
              <ul className="rows">
                {files.map((file) => (
                  <Row key={file.path} replica={replica} file={file} />
                ))}
              </ul>
              {files.length === limit && (
                <button
                  className="btn"
                  onClick={() => {
                    setLimit(limit + PAGE);
                  }}
                >
                  Show older
                </button>
              )}
            </>
          )
        }
      </WhenLoaded>
    </>
  );
}

function Row({ replica, file }: { readonly replica: Replica; readonly file: DeletedFile }) {
  const { path, entry, commit } = file;
  const { author } = commit.content;
  return (
    <li className="row file-row">
      <Icon name="file" />
      <a
        className="grow path"
        dir="auto"
        href={hrefOf({ page: "versions", store: replica.store, path })}
      >
        {shownName(path)}
      </a>
      <span className="muted">
        {author.name === "" ? "Unnamed" : author.name}, {formatAgo(Date.parse(author.timestamp))}
      </span>
      <button
        className="btn small"
        aria-label={`Restore ${shownName(path)}`}
        onClick={() => {
          run(() => restore(replica, path, entry));
        }}
      >
        Restore
      </button>
    </li>
  );
}

async function readDeleted(
  { storage }: Replica,
  head: string,
  limit: number,
): Promise<DeletedFile[]> {
  const files: DeletedFile[] = [];
  for await (const file of deletedFiles(storage, head)) {
    files.push(file);
    if (files.length === limit) break;
  }
  return files;
}
