import type { ObjectType } from "@gitblobs/protocol";
import type { ObjectOf, StoredObject } from "./objects.ts";
import type { ReplicaStorage } from "./replica.ts";
import type { Head, Ref } from "./storage.ts";

/**
 * A storage that lives as long as the process. It has all of GitBlobsDB's storage interface.
 *
 * @example
 * ```ts
 * const storage = new MemoryStorage();
 * await storage.putBlob(await makeBlob(new TextEncoder().encode("hello")));
 * ```
 */
export class MemoryStorage implements ReplicaStorage {
  readonly #objects = new Map<string, StoredObject>();
  readonly #refs = new Map<string, Ref>();
  #head: Head | null = null;

  #get<T extends ObjectType>(type: T, hash: string): Promise<ObjectOf<T> | null> {
    return Promise.resolve((this.#objects.get(`${type} ${hash}`) ?? null) as ObjectOf<T> | null);
  }

  putAll(objects: readonly StoredObject[]): Promise<void> {
    for (const object of objects) this.#objects.set(`${object.type} ${object.hash}`, object);
    return Promise.resolve();
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

  has(type: ObjectType, hash: string): Promise<boolean> {
    return Promise.resolve(this.#objects.has(`${type} ${hash}`));
  }

  async hasObject(hash: string): Promise<boolean> {
    return (await this.getObject(hash)) !== null;
  }

  /** The original's way to ask for more; here is nothing that it calls for. */
  asStorageExt(): null {
    return null;
  }

  async deleteObject(hash: string): Promise<void> {
    for (let found = await this.getObject(hash); found; found = await this.getObject(hash)) {
      this.#objects.delete(`${found.type} ${hash}`);
    }
  }

  getHead(): Promise<Head | null> {
    return Promise.resolve(this.#head);
  }

  setHead(head: Head): Promise<void> {
    this.#head = head;
    return Promise.resolve();
  }

  moveHead(from: string | null, to: string): Promise<boolean> {
    const moves = (this.#head?.value ?? null) === from;
    if (moves) this.#head = { type: "commit", value: to };
    return Promise.resolve(moves);
  }

  getRef(name: string): Promise<Ref | null> {
    return Promise.resolve(this.#refs.get(name) ?? null);
  }

  updateRef(name: string, commitHash: string): Promise<void> {
    this.#refs.set(name, { name, commit_hash: commitHash });
    return Promise.resolve();
  }

  listRefs(): Promise<Ref[]> {
    return Promise.resolve([...this.#refs.values()]);
  }
}
