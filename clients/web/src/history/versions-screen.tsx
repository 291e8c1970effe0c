import { fileHistory, type FileVersion } from "@gitblobs/client/history";
import { useState } from "react";
import { bytesOf, readContent, saveAs } from "../files/content.ts";
import { Preview } from "../files/preview.tsx";
import type { Replica } from "../replica/replica.ts";
import { Empty } from "../ui/empty.tsx";
import { formatAgo, formatTime, shownName } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { hrefOf } from "../ui/route.ts";
import { run } from "../ui/toast.tsx";
import { useValue } from "../ui/value.ts";
import { titleOf } from "./title.ts";
import { restore } from "./way-back.ts";

const PAGE = 50;

/** The versions of one file: each is looked at, downloaded, restored. */
export default function VersionsScreen(props: {
  readonly replica: Replica;
  readonly path: string;
}) {
  const { replica, path } = props;
  const { store } = replica;
  const head = useValue(replica.head);
  const [limit, setLimit] = useState(PAGE);
  const loaded = useLoaded(
    async () => (head === null ? [] : readVersions(replica, path, head, limit)),
    `${head ?? "empty"} ${limit}`,
  );
  return (
    <>
      <a className="back" href={hrefOf({ page: "file", store, path })}>
        <Icon name="back" /> {shownName(path)}
      </a>
      <h1 className="path" dir="auto">
        Versions of {shownName(path)}
      </h1>
      <WhenLoaded loaded={loaded}>
        {(versions) =>
          versions.length === 0 ? (
            <Empty icon="history" title="No version of it">
              This store never had a file of that name.
            </Empty>
          ) : (
            <>
              {versions.map((version, index) => (
                <Version
                  key={version.commit.hash}
                  replica={replica}
                  path={path}
                  version={version}
                  isPresent={index === 0}
                />
              ))}
              {versions.length === limit && (
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

function Version(props: {
  readonly replica: Replica;
  readonly path: string;
  readonly version: FileVersion;
  readonly isPresent: boolean;
}) {
  const { replica, path, isPresent } = props;
  const { commit, entry } = props.version;
  const { author, message } = commit.content;
  const [isOpen, setOpen] = useState(false);
  const when = formatTime(author.timestamp);
  return (
    <details
      className="changed-file"
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <span className="grow" dir="auto">
          {titleOf(message)}
        </span>
        {isPresent && <span className="tag">now</span>}
        <span className="muted">
          {author.name === "" ? "Unnamed" : author.name}, {formatAgo(Date.parse(author.timestamp))}
        </span>
      </summary>
      {isOpen && entry === null && <p className="muted">Deleted here.</p>}
      {isOpen && entry !== null && (
        <>
          <div className="actions">
            <button
              className="btn"
              aria-label={`Download, as it was ${when}`}
              onClick={() => {
                run(async () => {
                  saveAs(path, await bytesOf(replica, entry));
                });
              }}
            >
              <Icon name="download" /> Download
            </button>
            {!isPresent && (
              <button
                className="btn primary"
                aria-label={`Restore this version, of ${when}`}
                onClick={() => {
                  run(() => restore(replica, path, entry));
                }}
              >
                Restore this version
              </button>
            )}
          </div>
          <VersionContent {...props} />
        </>
      )}
    </details>
  );
}

function VersionContent(props: {
  readonly replica: Replica;
  readonly path: string;
  readonly version: FileVersion;
}) {
  const { replica, path } = props;
  const { entry } = props.version;
  const loaded = useLoaded(
    async () => (entry === null ? null : readContent(await bytesOf(replica, entry))),
    entry?.blob_hash ?? "",
  );
  return (
    <WhenLoaded loaded={loaded}>
      {(content) => content && <Preview content={content} name={path} />}
    </WhenLoaded>
  );
}

async function readVersions(
  { storage }: Replica,
  path: string,
  head: string,
  limit: number,
): Promise<FileVersion[]> {
  const versions: FileVersion[] = [];
  for await (const version of fileHistory(storage, path, head)) {
    versions.push(version);
    if (versions.length === limit) break;
  }
  return versions;
}
