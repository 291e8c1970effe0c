import { changesBetween, type Change, type Files } from "@gitblobs/client/history";
import { entriesOf, isHash, requireObject, treeOf, type TreeEntry } from "@gitblobs/client/store";
import { useState } from "react";
import { bytesOf, readContent, type Content } from "../files/content.ts";
import { Preview } from "../files/preview.tsx";
import type { Replica } from "../replica/replica.ts";
import { formatTime, plural, shortHash, shownName } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { hrefOf } from "../ui/route.ts";
import { run } from "../ui/toast.tsx";
import { SideBySide } from "./side-by-side.tsx";
import { bodyOf, titleOf } from "./title.ts";
import { restore, revert } from "./way-back.ts";

/** More changed files than this begin closed. */
const OPEN_AT_FIRST = 10;

/** What changed between any two commits, file by file. */
export default function CompareScreen(props: {
  readonly replica: Replica;
  readonly from: string;
  readonly to: string;
}) {
  const { replica, from, to } = props;
  const loaded = useLoaded(async () => readComparison(replica, from, to), `${from} ${to}`);
  return (
    <>
      <a className="back" href={hrefOf({ page: "history", store: replica.store })}>
        <Icon name="back" /> History
      </a>
      <WhenLoaded loaded={loaded}>
        {({ commit, changes, parent }) => (
          <>
            <div className="page-head">
              <h1 dir="auto">{titleOf(commit.content.message)}</h1>
              {parent >= 0 && (
                <button
                  className="btn"
                  onClick={() => {
                    run(() => revert(replica, to, parent));
                  }}
                >
                  Take this change back
                </button>
              )}
            </div>
            {bodyOf(commit.content.message) !== "" && (
              <pre className="text-view" dir="auto" tabIndex={0} aria-label="The whole message">
                {bodyOf(commit.content.message)}
              </pre>
            )}
            {commit.content.parent_hashes.length > 1 && (
              <p className="muted">
                A merge, compared with{" "}
                {commit.content.parent_hashes.map((each, at) => (
                  <a
                    key={each}
                    href={hrefOf({ page: "compare", store: replica.store, from: each, to })}
                  >
                    {at === 0 ? "this side" : " the other side"}
                  </a>
                ))}
              </p>
            )}
            <p className="muted">
              {commit.content.author.name === "" ? "Unnamed" : commit.content.author.name},{" "}
              {formatTime(commit.content.author.timestamp)} ·{" "}
              {isHash(from) ? <code>{shortHash(from)}</code> : "nothing"} →{" "}
              <code>{shortHash(to)}</code> · {plural(changes.length, "file")} changed
            </p>
            {changes.length === 0 && <p>The files are the same.</p>}
            {changes.map((change, index) => (
              <ChangedFile
                key={change.path}
                replica={replica}
                change={change}
                isOpen={index < OPEN_AT_FIRST}
              />
            ))}
          </>
        )}
      </WhenLoaded>
    </>
  );
}

async function readComparison(replica: Replica, from: string, to: string) {
  const { storage } = replica;
  const commit = await requireObject(storage, "commit", to);
  const before: Files = isHash(from) ? entriesOf(await treeOf(storage, from)) : new Map();
  const { parent_hashes: parents } = commit.content;
  /** Which parent it is compared with; below zero where it is none, and there is no one change to take back. */
  const parent = isHash(from) || parents.length > 0 ? parents.indexOf(from) : 0;
  return {
    parent,
    commit,
    changes: changesBetween(before, entriesOf(await treeOf(storage, to))),
  };
}

function ChangedFile(props: {
  readonly replica: Replica;
  readonly change: Change;
  readonly isOpen: boolean;
}) {
  const { replica, change } = props;
  const [isOpen, setOpen] = useState(props.isOpen);
  return (
    <details
      className="changed-file"
      open={isOpen}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <span className={`change ${change.kind}`}>{change.kind}</span>
        <span className="path" dir="auto">
          {shownName(change.path)}
        </span>
      </summary>
      {isOpen && <Restores replica={replica} change={change} />}
      {isOpen && <Difference replica={replica} change={change} />}
    </details>
  );
}

/** Either side of a change can be made the present version. */
function Restores({ replica, change }: { readonly replica: Replica; readonly change: Change }) {
  const { path, before, after } = change;
  const button = (side: "before" | "after", entry: TreeEntry) => (
    <button
      className="btn small"
      aria-label={`Restore as it was ${side}: ${shownName(path)}`}
      onClick={() => {
        run(() => restore(replica, path, entry));
      }}
    >
      Restore as it was {side}
    </button>
  );
  return (
    <div className="actions">
      {before !== null && button("before", before)}
      {after !== null && button("after", after)}
    </div>
  );
}

function Difference({ replica, change }: { readonly replica: Replica; readonly change: Change }) {
  const { before, after, path } = change;
  const loaded = useLoaded(
    async () => ({
      left: before === null ? null : readContent(await bytesOf(replica, before)),
      right: after === null ? null : readContent(await bytesOf(replica, after)),
    }),
    `${before?.blob_hash ?? ""} ${after?.blob_hash ?? ""}`,
  );
  return (
    <WhenLoaded loaded={loaded}>
      {({ left, right }) => <Contents left={left} right={right} path={path} />}
    </WhenLoaded>
  );
}

/** Two contents beside each other: as lines where both are text. */
export function Contents(props: {
  readonly left: Content | null;
  readonly right: Content | null;
  readonly path: string;
}) {
  const { left, right, path } = props;
  const [before, after] = [textOf(left), textOf(right)];
  if (before !== undefined && after !== undefined) {
    if (before === after && left !== null && right !== null)
      return <p className="muted">Only the metadata differ.</p>;
    return <SideBySide left={before} right={after} label={`Changes of ${path}`} />;
  }
  return (
    <div className="two-sides">
      <div>
        {left === null ? (
          <p className="muted">Not there</p>
        ) : (
          <Preview content={left} name={path} />
        )}
      </div>
      <div>
        {right === null ? (
          <p className="muted">Not there</p>
        ) : (
          <Preview content={right} name={path} />
        )}
      </div>
    </div>
  );
}

function textOf(content: Content | null): string | undefined {
  if (content === null) return "";
  return content.kind === "text" ? content.text : undefined;
}
