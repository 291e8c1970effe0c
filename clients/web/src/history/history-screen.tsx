import { walkCommits } from "@gitblobs/client/history";
import type { CommitObject } from "@gitblobs/client/store";
import { useState } from "react";
import type { Replica } from "../replica/replica.ts";
import { Empty } from "../ui/empty.tsx";
import { formatAgo, formatTime, shortHash } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { goTo, hrefOf } from "../ui/route.ts";
import { useValue } from "../ui/value.ts";
import { GraphCell } from "./graph-cell.tsx";
import { layOut, type GraphRow } from "./graph.ts";
import { titleOf } from "./title.ts";

const PAGE = 100;

/** All commits as a graph; any two can be compared. */
export default function HistoryScreen({ replica }: { readonly replica: Replica }) {
  const head = useValue(replica.head);
  const { remoteHead } = useValue(replica.status);
  const [limit, setLimit] = useState(PAGE);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const loaded = useLoaded(
    async () => (head === null ? [] : readHistory(replica, head, limit)),
    `${head ?? "empty"} ${limit}`,
  );
  const choose = (hash: string) => {
    setChosen(
      chosen.includes(hash)
        ? chosen.filter((other) => other !== hash)
        : [...chosen.slice(-1), hash],
    );
  };
  const { store } = replica;
  return (
    <>
      <div className="page-head">
        <h1>History</h1>
        <a className="btn" href={hrefOf({ page: "deleted", store })}>
          <Icon name="trash" /> Deleted files
        </a>
        <button
          className="btn"
          disabled={chosen.length !== 2}
          onClick={() => {
            if (loaded.kind !== "ready") return;
            const [newer, older] = loaded.value.filter((commit) => chosen.includes(commit.hash));
            if (newer && older) goTo({ page: "compare", store, from: older.hash, to: newer.hash });
          }}
        >
          <Icon name="compare" /> Compare the two chosen
        </button>
      </div>
      <WhenLoaded loaded={loaded}>
        {(commits) => {
          if (commits.length === 0) {
            return (
              <Empty icon="history" title="No history yet">
                Every change you save becomes a commit, and shows here.
              </Empty>
            );
          }
          const rows = layOut(
            commits.map(({ hash, content }) => ({ hash, parents: content.parent_hashes })),
          );
          const lanes = Math.max(...rows.map((row) => row.lanes));
          return (
            <>
              <ol className="rows history">
                {commits.map((commit, index) => (
                  <CommitRow
                    key={commit.hash}
                    commit={commit}
                    row={rows[index]}
                    lanes={lanes}
                    store={store}
                    marks={marksOf(commit.hash, head, remoteHead)}
                    isChosen={chosen.includes(commit.hash)}
                    onChoose={() => {
                      choose(commit.hash);
                    }}
                  />
                ))}
              </ol>
              {commits.length === limit && (
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
          );
        }}
      </WhenLoaded>
    </>
  );
}

function CommitRow(props: {
  readonly commit: CommitObject;
  readonly row: GraphRow | undefined;
  readonly lanes: number;
  readonly store: string;
  readonly marks: readonly string[];
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const { hash, content } = props.commit;
  const { author, message, parent_hashes: parents } = content;
  const title = titleOf(message);
  const from = parents[0] ?? "";
  return (
    <li className="row commit-row">
      {props.row !== undefined && <GraphCell row={props.row} lanes={props.lanes} />}
      <input
        type="checkbox"
        aria-label={`Choose ${title} to compare`}
        checked={props.isChosen}
        onChange={props.onChoose}
      />
      <div className="grow">
        <a
          className="message"
          dir="auto"
          href={hrefOf({
            page: "compare",
            store: props.store,
            from: from === "" ? "root" : from,
            to: hash,
          })}
        >
          {title}
        </a>
        {props.marks.map((mark) => (
          <span key={mark} className="tag">
            {mark}
          </span>
        ))}
        <div className="muted">
          {author.name === "" ? "Unnamed" : author.name},{" "}
          <time dateTime={author.timestamp} title={formatTime(author.timestamp)}>
            {formatAgo(Date.parse(author.timestamp))}
          </time>
        </div>
      </div>
      <code className="hash">{shortHash(hash)}</code>
    </li>
  );
}

function marksOf(
  hash: string,
  head: string | null,
  remoteHead: string | null | undefined,
): string[] {
  const marks: string[] = [];
  if (hash === head) marks.push("here");
  if (hash === remoteHead) marks.push("relay");
  return marks;
}

async function readHistory(replica: Replica, head: string, limit: number): Promise<CommitObject[]> {
  const commits: CommitObject[] = [];
  for await (const commit of walkCommits(replica.storage, [head])) {
    commits.push(commit);
    if (commits.length === limit) break;
  }
  return commits;
}
