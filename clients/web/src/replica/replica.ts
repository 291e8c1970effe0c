import { type Cursor, INITIAL_STATUS, type SyncStatus, type User } from "@gitblobs/client";
import {
  commitFiles,
  readUndecided,
  type Edit,
  type UnrelatedPolicy,
} from "@gitblobs/client/history";
import { IndexedDbStorage } from "@gitblobs/client/indexeddb";
import { headOf, makeBlob, type CommitObject, type Signature } from "@gitblobs/client/store";
import { number, object, safeParse, string } from "valibot";
import { createValue, type Value } from "../ui/value.ts";
import { databaseName, rememberStore } from "./registry.ts";
import { joinTabs, type Decisions, type Tabs } from "./tabs.ts";

const cursorSchema = object({ store: number(), epoch: string(), after: number() });

/** The user whose copy it is. */
export type Owner = Pick<User, "id" | "username">;

/** A store's copy in this browser: its files, its history, and where its sync stands. */
export class Replica {
  /** Whose copy of which store this is. */
  readonly place: { readonly userId: string; readonly store: string };
  readonly head: Value<string | null>;
  readonly status: Value<SyncStatus> = createValue<SyncStatus>({
    ...INITIAL_STATUS,
    phase: { kind: "connecting" },
  });
  readonly #tabs: Tabs;

  private constructor(
    readonly store: string,
    readonly user: Owner,
    readonly storage: IndexedDbStorage,
    head: string | null,
  ) {
    this.place = { userId: user.id, store };
    this.head = createValue(head);
    // An address that somebody came by makes no store, not in the list of this browser either.
    let isNoted = false;
    const note = () => {
      const isStore = this.head.get() !== null || this.status.get().remoteHead !== undefined;
      if (isStore && !isNoted) rememberStore(user.id, store);
      isNoted ||= isStore;
    };
    note();
    this.head.subscribe(note);
    this.status.subscribe(note);
    this.#tabs = joinTabs(this, {
      load: async () => readCursor(await storage.fact("cursor")),
      save: (cursor) => storage.setFact("cursor", cursor),
      loadUndecided: async () => readUndecided(await storage.fact("undecided")),
      saveUndecided: (files) => storage.setFact("undecided", files),
    });
  }

  /**
   * Opens the copy, making an empty one when there is none, and keeps it in sync until {@link close}. Rejects when the
   * browser has no storage for it.
   */
  static async open(user: Owner, store: string) {
    const storage = await IndexedDbStorage.open(databaseName(user.id, store));
    // Without this the browser may drop the copy, and what was not pushed, when the disk runs low.
    void navigator.storage.persist().catch(() => false);
    return new Replica(store, user, storage, await headOf(storage));
  }

  /** Commits a change of files; it is pushed as soon as the relay can be reached. */
  async commit(message: string, edit: Edit): Promise<CommitObject> {
    const commit = await commitFiles(this.storage, this.signature(), message, edit);
    this.headMoved(commit.hash);
    return commit;
  }

  /** Stores a file's bytes; returns the hash to put into a tree. */
  async putBytes(data: Uint8Array): Promise<string> {
    const blob = await makeBlob(data);
    await this.storage.putBlob(blob);
    return blob.hash;
  }

  /** The user, now. The relay knows no mail addresses. */
  signature(): Signature {
    return { name: this.user.username, email: "", timestamp: new Date().toISOString() };
  }

  /** Says that this tab moved the head. */
  headMoved(head: string): void {
    this.head.set(head);
    this.#tabs.headMoved(head);
  }

  /** Decides conflicts; whichever tab synchronises carries it out. */
  resolve(decisions: Decisions): void {
    this.#tabs.resolve(decisions);
  }

  /** Decides what becomes of a history that has nothing in common with the relay's. */
  chooseUnrelated(policy: UnrelatedPolicy): void {
    this.#tabs.chooseUnrelated(policy);
  }

  /** Makes the store at the relay from what is here; because the user asked for it, and only then. */
  makeStore(): void {
    this.#tabs.makeStore();
  }

  /** Tries again at once. */
  retry(): void {
    this.#tabs.retry();
  }

  /** Ends the sync of this tab and lets go of the copy. */
  async close(): Promise<void> {
    await this.#tabs.leave();
    this.storage.close();
  }
}

function readCursor(value: unknown): Cursor | undefined {
  const result = safeParse(cursorSchema, value);
  return result.success ? result.output : undefined;
}
