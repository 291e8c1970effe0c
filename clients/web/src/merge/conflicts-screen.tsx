import { mergeIntoHead, type Conflict } from "@gitblobs/client/history";
import { makeEntry, type TreeEntry } from "@gitblobs/client/store";
import type { Replica } from "../replica/replica.ts";
import { resolveBy, type Decisions } from "../replica/tabs.ts";
import { Empty } from "../ui/empty.tsx";
import { plural } from "../ui/format.ts";
import { goTo, hrefOf } from "../ui/route.ts";
import { announce, announceFailure, run } from "../ui/toast.tsx";
import { useValue } from "../ui/value.ts";
import { answers, choiceFor, type Choice } from "./choices.ts";
import { ConflictCard } from "./conflict-card.tsx";
import { pendingMerge, type PendingMerge } from "./pending-merge.ts";
import { UnrelatedCard } from "./unrelated-card.tsx";
import { useUndecided } from "./undecided.ts";

/** Files that two devices changed, each in its own way: the user decides, one by one. */
export default function ConflictsScreen({ replica }: { readonly replica: Replica }) {
  const undecided = useUndecided(replica);
  const { store } = replica;
  switch (undecided.kind) {
    case "none":
      return (
        <Empty icon="check" title="Nothing to decide">
          <a href={hrefOf({ page: "files", store })}>Back to the files</a>
        </Empty>
      );
    case "unrelated":
      return <UnrelatedCard replica={replica} />;
    case "conflict":
      return (
        <Decide
          replica={replica}
          conflicts={undecided.conflicts}
          names={{ here: "This device", there: "another one", theirs: "the other device" }}
          onDecided={(decisions) => {
            replica.resolve(decisions);
            goTo({ page: "files", store });
            return Promise.resolve();
          }}
        />
      );
    case "import": {
      const { pending } = undecided;
      return (
        <Decide
          replica={replica}
          conflicts={pending.conflicts}
          names={{ here: "The pack", there: "this store", theirs: "the pack" }}
          onDecided={(decisions) => settleImport(replica, pending, decisions)}
          onCancel={() => {
            pendingMerge.set(null);
            announce("The import was given up; the store is as it was.");
            goTo({ page: "transfer", store });
          }}
        />
      );
    }
  }
}

/** Merges the pack as decided. Where the store has changed meanwhile, what that put in question is asked anew. */
async function settleImport(
  replica: Replica,
  pending: PendingMerge,
  decisions: Decisions,
): Promise<void> {
  const { theirs, unrelated } = pending;
  const outcome = await mergeIntoHead(replica.storage, theirs, {
    merger: replica.signature(),
    unrelated,
    resolve: resolveBy(decisions),
  });
  if (outcome.kind === "conflicted") {
    pendingMerge.set({ ...pending, conflicts: outcome.conflicts });
    announceFailure("Files changed meanwhile: decide those that are open again.");
    return;
  }
  pendingMerge.set(null);
  if (outcome.kind === "merged") replica.headMoved(outcome.commit.hash);
  if (outcome.kind === "fast-forwarded") replica.headMoved(outcome.to);
  announce("Merged.");
  goTo({ page: "files", store: replica.store });
}

function Decide(props: {
  readonly replica: Replica;
  readonly conflicts: readonly Conflict[];
  readonly names: { readonly here: string; readonly there: string; readonly theirs: string };
  readonly onDecided: (decisions: Decisions) => Promise<void>;
  readonly onCancel?: () => void;
}) {
  const { replica, conflicts, names } = props;
  const chosen = useValue(answers);
  const choiceOf = (conflict: Conflict) => choiceFor(chosen, replica.place, conflict);
  const open = conflicts.filter((conflict) => choiceOf(conflict) === undefined).length;
  const decide = async () => {
    const decisions = await Promise.all(
      conflicts.map(async (conflict) => ({
        path: conflict.path,
        ours: conflict.ours,
        theirs: conflict.theirs,
        entry: await entryFor(replica, conflict, choiceOf(conflict)),
      })),
    );
    await props.onDecided(decisions);
  };
  return (
    <>
      <div className="page-head">
        <h1>{plural(conflicts.length, "conflict")}</h1>
        <div className="actions">
          {props.onCancel !== undefined && (
            <button className="btn" onClick={props.onCancel}>
              Cancel the import
            </button>
          )}
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
      </div>
      <p className="muted">
        {names.here} and {names.there} changed the same files. Nothing is lost: both versions stay
        in the history, whatever you choose.
      </p>
      {conflicts.map((conflict) => (
        <ConflictCard
          key={conflict.path}
          replica={replica}
          conflict={conflict}
          theirName={names.theirs}
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
