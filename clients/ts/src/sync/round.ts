import { isAncestor } from "../history/ancestry.ts";
import { mergeIntoHead, type MergeOutcome } from "../history/merge.ts";
import { settleUndecided, undecidedFiles, type UndecidedFile } from "../history/undecided.ts";
import type { Conflict } from "../history/tree-merge.ts";
import { missingObjects } from "../history/missing-objects.ts";
import { hasWholeCommit } from "../history/whole-commit.ts";
import { LIMITS, type ErrorOp } from "@gitblobs/protocol";
import type { Signature } from "../store/objects.ts";
import type { ReplicaStorage } from "../store/replica.ts";
import { headOf } from "../store/storage.ts";
import { catchUp, Staging } from "./catch-up.ts";
import type { Connection } from "./connection.ts";
import { MAIN } from "./main-ref.ts";
import type { Decided } from "./decisions.ts";
import { RequestRefused } from "./requests.ts";
import type { Phase, SyncStatus } from "./status.ts";
import type { Cursor, SyncMemory } from "./sync-memory.ts";
import { newMid } from "./surroundings.ts";
import { CannotPush, uploadObjects } from "./upload.ts";

/** What a round works with. */
export interface RoundParts {
  readonly connection: Connection;
  /** The store that was welcomed to. */
  readonly place: Pick<Cursor, "store" | "epoch">;
  readonly storage: ReplicaStorage;
  readonly memory: SyncMemory;
  readonly merger: () => Signature;
  readonly report: (phase: Phase, progress?: SyncStatus["progress"]) => void;
  /** The local head was moved by what the relay had. */
  readonly onHeadMoved: (head: string) => void;
  /** A merge has used these decisions; when it did not end in a conflict, nothing is left to decide. */
  readonly onMerged: (used: Decided, isDecided: boolean) => void;
  /** The device that left the store at a commit, where that is known. */
  readonly deviceOf: (commit: string) => string | undefined;
}

/** What a round goes by. */
export interface RoundInput {
  /** Newest event of the relay, and the commit it stands at. */
  readonly head: number;
  readonly remoteHead: string | null;
  readonly decided: Decided;
}

/** How a round ends. */
export type RoundEnd =
  | {
      readonly kind: "synced";
      readonly remoteHead: string | null;
      readonly seq?: number;
      /** What was left to the user meanwhile. */
      readonly waits?: Phase;
    }
  /** Something moved meanwhile: go round once more. */
  | { readonly kind: "again"; readonly afterMs: number; readonly remoteHead?: string | null }
  /** Nothing more can be done until something changes. */
  | { readonly kind: "waits"; readonly phase: Phase };

const AGAIN = { kind: "again", afterMs: 0 } as const;
/** Pause after an error that asks for one without saying how long. */
const PAUSE_MS = 2_000;

/** Brings the local copy and the store to the same commit, over one connection. */
export class Round {
  readonly #parts: RoundParts;
  /** The last event whose objects are here; undefined after a hole, until all was found by following references. */
  #after: number | undefined;
  #staging: Staging;

  constructor(parts: RoundParts, after: number | undefined) {
    this.#parts = parts;
    this.#after = after;
    this.#staging = new Staging(after);
  }

  /** One round; errors of the connection and of the storage are thrown. */
  async run(input: RoundInput): Promise<RoundEnd> {
    try {
      return await this.#tryOnce(input);
    } catch (error) {
      return afterRefusal(error);
    }
  }

  async #tryOnce(input: RoundInput): Promise<RoundEnd> {
    const { remoteHead } = input;
    if (remoteHead !== null) {
      const phase = await this.#receive(remoteHead, input.head);
      if (phase !== undefined) return { kind: "waits", phase };
    }
    await this.#remember(input.head);
    const { storage, onMerged } = this.#parts;
    const { decided } = input;
    if (remoteHead !== null && (await headOf(storage)) !== remoteHead) {
      const outcome = await this.#merge(remoteHead, decided);
      // Unrelated histories were told to be merged: they still are when the conflicts are decided.
      if (outcome.kind === "conflicted") onMerged({ resolve: decided.resolve }, false);
      if (outcome.kind === "conflicted" || outcome.kind === "unrelated")
        return { kind: "waits", phase: phaseOf(outcome) };
    }
    const waits = await this.#settle(decided);
    onMerged(decided, waits === undefined);
    const local = await headOf(storage);
    const rest = waits === undefined ? {} : { waits };
    if (local === remoteHead) return { kind: "synced", remoteHead, ...rest };
    return local === null ? AGAIN : { ...(await this.#push(local, remoteHead)), ...rest };
  }

  /** Settles what earlier merges left open, as far as that is possible by now; says what still waits. */
  async #settle({ resolve }: Decided): Promise<Phase | undefined> {
    const { storage, memory, merger, onHeadMoved } = this.#parts;
    const before = await memory.loadUndecided();
    const { commit, open, undecided } = await settleUndecided(storage, before, merger(), resolve);
    if (undecided.length < before.length) await memory.saveUndecided(undecided);
    if (commit !== undefined) onHeadMoved(commit.hash);
    const theirs = await headOf(storage);
    const ours = undecided[0]?.commit;
    if (ours === undefined || theirs === null) return undefined;
    return { kind: "conflict", ours, theirs, conflicts: open };
  }

  /** Keeps the question, so that all else can go on; one file is asked about once only. */
  async #leaveOpen(
    before: readonly UndecidedFile[],
    conflicts: readonly Conflict[],
    { ours, theirs }: { readonly ours: string; readonly theirs: string },
  ): Promise<boolean> {
    const { memory, deviceOf } = this.#parts;
    const paths = new Set(before.map(({ path }) => path));
    if (conflicts.some(({ path }) => paths.has(path))) return false;
    const device = deviceOf(theirs);
    const named = conflicts.map((each) => (device === undefined ? each : { ...each, device }));
    await memory.saveUndecided([...before, ...undecidedFiles(named, ours)]);
    return true;
  }

  async #receive(commit: string, head: number): Promise<Phase | undefined> {
    const { connection, storage, report } = this.#parts;
    if (await hasWholeCommit(storage, commit)) return undefined;
    const receiving = { kind: "syncing", doing: "receiving" } as const;
    report(receiving);
    const result = await catchUp(connection, storage, commit, this.#staging, head, (done) => {
      report(receiving, { done });
    });
    if (result.kind === "whole") {
      this.#staging = new Staging(this.#staging.after);
      return undefined;
    }
    await connection.request({ op: "need", objects: result.keys.slice(0, LIMITS.objectsPerOp) });
    return { kind: "waiting", missing: result.keys.length };
  }

  async #remember(after: number): Promise<void> {
    this.#after = after;
    this.#staging.after = Math.max(this.#staging.after ?? 0, after);
    await this.#parts.memory.save({ ...this.#parts.place, after });
  }

  async #merge(theirs: string, { resolve, unrelated }: Decided): Promise<MergeOutcome> {
    const { storage, memory, merger, report, onHeadMoved } = this.#parts;
    report({ kind: "syncing", doing: "merging" });
    const head = await headOf(storage);
    // Those of this very head were kept for a merge that did not come about.
    const before = (await memory.loadUndecided()).filter(({ commit }) => commit !== head);
    const outcome = await mergeIntoHead(storage, theirs, {
      merger: merger(),
      ...(unrelated === undefined ? {} : { unrelated: unrelated.policy }),
      ...(resolve === undefined ? {} : { resolve }),
      leaveOpen: (conflicts, ours) => this.#leaveOpen(before, conflicts, { ours, theirs }),
    });
    if (outcome.kind === "fast-forwarded") onHeadMoved(outcome.to);
    if (outcome.kind === "merged") onHeadMoved(outcome.commit.hash);
    return outcome;
  }

  async #push(local: string, remote: string | null): Promise<RoundEnd> {
    const { connection, storage, report } = this.#parts;
    if (remote !== null && !(await isAncestor(storage, remote, local))) return AGAIN;
    const sending = { kind: "syncing", doing: "sending" } as const;
    report(sending);
    const { objects } = await missingObjects(storage, local, remote === null ? [] : [remote]);
    const mid = newMid();
    await uploadObjects(connection, storage, mid, objects, (done, total) => {
      report(sending, { done, total });
    });
    const push = { op: "push", mid, ref: MAIN, old: remote, new: local } as const;
    const ack = await connection.request(push);
    if (ack.op !== "ack") throw new TypeError(`the relay answered ${ack.op} to push`);
    await this.#remember(Math.max(this.#after ?? 0, ack.seq));
    return { kind: "synced", remoteHead: local, seq: ack.seq };
  }
}

function phaseOf(outcome: Extract<MergeOutcome, { kind: "conflicted" | "unrelated" }>): Phase {
  const { ours, theirs } = outcome;
  return outcome.kind === "unrelated"
    ? { kind: "unrelated", ours, theirs }
    : { kind: "conflict", ours, theirs, conflicts: outcome.conflicts };
}

function afterRefusal(error: unknown): RoundEnd {
  if (error instanceof CannotPush) {
    return {
      kind: "waits",
      phase: { kind: "blocked", code: error.reason, message: whyNot(error) },
    };
  }
  if (!(error instanceof RequestRefused)) throw error;
  const { retry, code, message } = error.op;
  switch (retry) {
    case "repull":
      return { ...AGAIN, ...currentOf(error.op) };
    case "now":
      return AGAIN;
    case "after":
      return { kind: "again", afterMs: error.op.retry_after_ms ?? PAUSE_MS };
    case "no":
    case "reauth":
      return { kind: "waits", phase: { kind: "blocked", code, message } };
  }
}

const currentOf = ({ current }: ErrorOp) => (current === undefined ? {} : { remoteHead: current });

function whyNot({ reason, key: [type, hash] }: CannotPush): string {
  return reason === "shallow"
    ? `The ${type} ${hash.slice(0, 12)} does not match its hash, as commits of a compact backup do not: give it a new root before it can be shared.`
    : "The relay has no room for these changes: the quota is used up, or a file is too large. They are kept here.";
}
