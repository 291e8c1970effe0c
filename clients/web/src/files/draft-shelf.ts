import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { createValue } from "../ui/value.ts";
import { draftAt, drafts, dropDraft, keepDraft, type Draft, type DraftPlace } from "./drafts.ts";
import { bothOf } from "./save.ts";

interface Schema extends DBSchema {
  drafts: { key: [string, string, string]; value: Draft };
}

/** How long nothing is typed before it is kept. */
const PAUSE_MS = 300;
const NAME = "gitblobs/drafts";

/** Whether what is typed can be kept in this browser; told where it cannot. */
export const isShelfBroken = createValue(false);

const keyOf = ({ userId, store, path }: DraftPlace): [string, string, string] => [
  userId,
  store,
  path,
];
const nameOf = (place: DraftPlace): string => JSON.stringify(keyOf(place));
const isDirty = ({ text, original }: Draft): boolean => text !== original;

/**
 * Keeps drafts in this browser at every pause, for all tabs: after a reload, a crash or the end of a session they are there
 * again, and what is typed in one tab shows in the others.
 */
export async function keepDraftsOnShelf(): Promise<void> {
  const db = await openDB<Schema>(NAME, 1, {
    upgrade(fresh) {
      fresh.createObjectStore("drafts");
    },
  });
  const shelf = new Shelf(db);
  await shelf.readAll();
  shelf.follow();
}

class Shelf {
  readonly #db: IDBPDatabase<Schema>;
  readonly #channel = new BroadcastChannel(NAME);
  /** As it lies on the shelf, as far as this tab knows. */
  readonly #kept = new Map<string, Draft>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLeaving = false;

  constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
  }

  async readAll(): Promise<void> {
    for (const draft of await this.#db.getAll("drafts")) this.#take(draft, draft);
  }

  follow(): void {
    drafts.subscribe(() => {
      clearTimeout(this.#timer);
      if (this.#isLeaving) this.#flush();
      else this.#timer = setTimeout(this.#flush, PAUSE_MS);
    });
    for (const leaving of ["beforeunload", "pagehide"]) {
      addEventListener(leaving, () => {
        // An editor tells what was typed last when the page is about to go, which may be after this.
        this.#isLeaving = true;
        this.#flush();
      });
    }
    for (const staying of ["pageshow", "focusin", "pointerdown"])
      addEventListener(staying, () => {
        this.#isLeaving = false;
      });
    document.addEventListener("visibilitychange", this.#flush);
    this.#channel.addEventListener("message", ({ data }: MessageEvent<DraftPlace>) => {
      void this.#read(data);
    });
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    this.#write().then(
      () => {
        isShelfBroken.set(false);
      },
      () => {
        isShelfBroken.set(true);
      },
    );
  };

  async #write(): Promise<void> {
    const now = new Map(
      drafts
        .get()
        .filter(isDirty)
        .map((draft) => [nameOf(draft), draft]),
    );
    const gone = [...this.#kept].filter(([name]) => !now.has(name)).map(([, draft]) => draft);
    const changed = [...now].filter(([name, { text }]) => this.#kept.get(name)?.text !== text);
    if (gone.length + changed.length === 0) return;
    const write = this.#db.transaction("drafts", "readwrite");
    for (const draft of gone) {
      this.#kept.delete(nameOf(draft));
      void write.store.delete(keyOf(draft));
    }
    for (const [name, draft] of changed) {
      this.#kept.set(name, draft);
      void write.store.put({ ...draft, restored: true }, keyOf(draft));
    }
    // Without waiting: the page may be gone before its requests have answered.
    write.commit();
    await write.done;
    for (const draft of [...gone, ...changed.map(([, each]) => each)]) {
      const { userId, store, path } = draft;
      this.#channel.postMessage({ userId, store, path } satisfies DraftPlace);
    }
  }

  /** Another tab has put something there, or taken it away. */
  async #read(place: DraftPlace): Promise<void> {
    this.#take(place, await this.#db.get("drafts", keyOf(place)));
  }

  #take(place: DraftPlace, there: Draft | undefined): void {
    const before = this.#kept.get(nameOf(place));
    const here = draftAt(drafts.get(), place);
    if (there === undefined) {
      this.#kept.delete(nameOf(place));
      if (here !== undefined && here.text === before?.text) dropDraft(place);
      return;
    }
    this.#kept.set(nameOf(place), there);
    if (here === undefined || !isDirty(here) || here.text === before?.text) keepDraft(there);
    else if (here.text !== there.text)
      keepDraft({ ...here, text: bothOf(before?.text ?? here.original, here.text, there.text) });
  }
}
