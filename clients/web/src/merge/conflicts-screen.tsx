import { mergeIntoHead, type Conflict } from "@gitblobs/protocol/history";
import { makeEntry, type TreeEntry } from "@gitblobs/protocol/store";
import { useState } from "react";
import type { Replica } from "../replica/replica.ts";
import { resolveBy, type Decisions } from "../replica/tabs.ts";
import { Empty } from "../ui/empty.tsx";
import { plural } from "../ui/format.ts";
import { hrefOf } from "../ui/route.ts";
import { announce, run } from "../ui/toast.tsx";
import { useValue } from "../ui/value.ts";
import { ConflictCard, type Choice } from "./conflict-card.tsx";
import { pendingMerge } from "./pending-merge.ts";
import { UnrelatedCard } from "./unrelated-card.tsx";

/** Files that two devices changed, each in its own way: the user decides, one by one. */
export default function ConflictsScreen({ replica }: { readonly replica: Replica }) {
  const { phase } = useValue(replica.status);
  const pending = useValue(pendingMerge);
  const own = pending?.store === replica.store ? pending : null;
  if (own === null && phase.kind === "unrelated") return <UnrelatedCard replica={replica} />;
  const conflicts = own?.conflicts ?? (phase.kind === "conflict" ? phase.conflicts : []);
  if (conflicts.length === 0) {
    return (
      <Empty icon="check" title="Nothing to decide">
        <a href={hrefOf({ page: "files", store: replica.store })}>Back to the files</a>
      </Empty>
    );
  }
  const settle = async (decisions: Decisions) => {
    if (own === null) replica.resolve(decisions);
    else {
      const { theirs, unrelated } = own;
      const outcome = await mergeIntoHead(replica.storage, theirs, {
        merger: replica.signature(),
        unrelated,
        resolve: resolveBy(decisions),
      });
      if (outcome.kind !== "merged")
        throw new Error("The files changed meanwhile. Decide once more.");
      pendingMerge.set(null);
      replica.headMoved(outcome.commit.hash);
    }
    announce("Merged.");
    location.hash = hrefOf({ page: "files", store: replica.store });
  };
  return (
    <Decide
      // Other conflicts are another question: nothing decided for these counts for them.
      key={conflicts
        .map((c) => `${c.path} ${c.ours?.blob_hash ?? ""} ${c.theirs?.blob_hash ?? ""}`)
        .join("\n")}
      replica={replica}
      conflicts={conflicts}
      isImport={own !== null}
      onDecided={settle}
    />
  );
}

function Decide(props: {
  readonly replica: Replica;
  readonly conflicts: readonly Conflict[];
  readonly isImport: boolean;
  readonly onDecided: (decisions: Decisions) => Promise<void>;
}) {
  const { replica, conflicts } = props;
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  const open = conflicts.filter(({ path }) => !choices.has(path)).length;
  const decide = async () => {
    const decisions = await Promise.all(
      conflicts.map(async (conflict) => ({
        path: conflict.path,
        ours: conflict.ours,
        theirs: conflict.theirs,
        entry: await entryFor(replica, conflict, choices.get(conflict.path)),
      })),
    );
    await props.onDecided(decisions);
  };
  return (
    <>
      <div className="page-head">
        <h1>{plural(conflicts.length, "conflict")}</h1>
        <button
          className="btn primary"
          disabled={open > 0}
          onClick={() => {
            run(decide);
          }}
        >
          {open === 0 ? "Merge as decided" : `${open} still to decide`}
        </button>
      </div>
      <p className="muted">
        {props.isImport ? "The pack and this store" : "This device and another one"} changed the
        same files. Nothing is lost: both versions stay in the history, whatever you choose.
      </p>
      {conflicts.map((conflict) => (
        <ConflictCard
          key={conflict.path}
          replica={replica}
          conflict={conflict}
          theirName={props.isImport ? "the pack" : "the other device"}
          choice={choices.get(conflict.path)}
          onChoose={(choice) => {
            setChoices(new Map(choices).set(conflict.path, choice));
          }}
        />
      ))}
    </>
  );
}

async function entryFor(
  replica: Replica,
  { ours, theirs }: Conflict,
  choice: Choice | undefined,
): Promise<TreeEntry | null> {
  switch (choice?.kind) {
    case "ours":
      return ours;
    case "theirs":
      return theirs;
    case "edited": {
      const hash = await replica.putBytes(new TextEncoder().encode(choice.text));
      return makeEntry(hash, (ours ?? theirs)?.metadata_hash ?? "");
    }
    case undefined:
      throw new Error("A file is still undecided.");
  }
}
