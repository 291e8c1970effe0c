import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { ObjectType } from "@gitblobs/protocol";
import type { ObjectOf, StoredObject } from "./objects.ts";
import type { ReplicaStorage } from "./replica.ts";
import type { Head, Ref } from "./storage.ts";

interface Schema extends DBSchema {
  objects: { key: [ObjectType, string]; value: StoredObject };
  refs: { key: string; value: Ref };
  facts: { key: string; value: unknown };
}

const VERSION = 1;
const HEAD = "head";

/**
 * A storage in the browser's IndexedDB, one database per store. It has all of GitBlobsDB's storage interface; objects
 * are keyed by type and hash, each call is one transaction, and several tabs may use it at once. When the browser
 * refuses (no space, blocked), calls reject with the browser's DOMException.
 *
 * @example
 * ```ts
 * const storage = await IndexedDbStorage.open("notes");
 * ```
 */
export class IndexedDbStorage implements ReplicaStorage {
  readonly #db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
  }

  /** Opens the database, making it when it is not there. */
  static async open(name: string): Promise<IndexedDbStorage> {
    const db = await openDB<Schema>(name, VERSION, {
      upgrade(fresh) {
        fresh.createObjectStore("objects");
        fresh.createObjectStore("refs");
        fresh.createObjectStore("facts");
      },
      // Another tab runs a newer version: let it upgrade, this one works again after a reload.
      blocking: (_, __, event) => {
        (event.target as IDBDatabase).close();
      },
    });
    return new IndexedDbStorage(db);
  }

  /** Lets go of the database; no other call may follow. */
  close(): void {
    this.#db.close();
  }

  async #get<T extends ObjectType>(type: T, hash: string): Promise<ObjectOf<T> | null> {
    return ((await this.#db.get("objects", [type, hash])) ?? null) as ObjectOf<T> | null;
  }

  async putAll(objects: readonly StoredObject[]): Promise<void> {
    const write = this.#db.transaction("objects", "readwrite");
    const puts = objects.map((object) => write.store.put(object, [object.type, object.hash]));
    await Promise.all([...puts, write.done]);
  }

  readonly getBlob = (hash: string) => this.#get("blob", hash);
  readonly getTree = (hash: string) => this.#get("tree", hash);
  readonly getCommit = (hash: string) => this.#get("commit", hash);
  readonly getMetadata = (hash: string) => this.#get("metadata", hash);
  readonly putObject = (object: StoredObject) => this.putAll([object]);
  readonly putBlob = this.putObject;
  readonly putTree = this.putObject;
  readonly putCommit = this.putObject;
  readonly putMetadata = this.putObject;

  /** The object of any type with this hash. */
  async getObject(hash: string): Promise<StoredObject | null> {
    return (
      (await this.getCommit(hash)) ??
      (await this.getTree(hash)) ??
      (await this.getMetadata(hash)) ??
      (await this.getBlob(hash))
    );
  }

  async has(type: ObjectType, hash: string): Promise<boolean> {
    return (await this.#db.getKey("objects", [type, hash])) !== undefined;
  }

  async hasObject(hash: string): Promise<boolean> {
    return (await this.getObject(hash)) !== null;
  }

  /** The original's way to ask for more; here is nothing that it calls for. */
  asStorageExt(): null {
    return null;
  }

  async deleteObject(hash: string): Promise<void> {
    const write = this.#db.transaction("objects", "readwrite");
    const types: ObjectType[] = ["blob", "tree", "commit", "metadata"];
    await Promise.all([...types.map((type) => write.store.delete([type, hash])), write.done]);
  }

  async getHead(): Promise<Head | null> {
    return ((await this.#db.get("facts", HEAD)) ?? null) as Head | null;
  }

  async setHead(head: Head): Promise<void> {
    await this.#db.put("facts", head, HEAD);
  }

  async moveHead(from: string | null, to: string): Promise<boolean> {
    const write = this.#db.transaction("facts", "readwrite");
    const head = (await write.store.get(HEAD)) as Head | undefined;
    const moves = (head?.value ?? null) === from;
    if (moves) await write.store.put({ type: "commit", value: to }, HEAD);
    await write.done;
    return moves;
  }

  async getRef(name: string): Promise<Ref | null> {
    return (await this.#db.get("refs", name)) ?? null;
  }

  async updateRef(name: string, commitHash: string): Promise<void> {
    await this.#db.put("refs", { name, commit_hash: commitHash }, name);
  }

  listRefs(): Promise<Ref[]> {
    return this.#db.getAll("refs");
  }

  /** Reads something remembered beside the objects; undefined when there is nothing. */
  fact(name: string): Promise<unknown> {
    return this.#db.get("facts", `fact/${name}`);
  }

  /** Remembers something beside the objects, such as where the last sync ended. */
  async setFact(name: string, value: unknown): Promise<void> {
    await this.#db.put("facts", value, `fact/${name}`);
  }
}
