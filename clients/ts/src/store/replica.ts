import type { ObjectType } from "@gitblobs/protocol";
import type { ObjectOf, StoredObject } from "./objects.ts";
import { getObject, headOf, putObject, type ObjectStorage } from "./storage.ts";
import { readWire, wireBytes } from "./wire.ts";

/** What a storage can do better when it is made for it; {@link asReplica} gives it to any storage. */
export interface ReplicaStorage extends ObjectStorage {
  /** Whether the object is there, without reading it. */
  has(type: ObjectType, hash: string): Promise<boolean>;
  /** Stores all of them, or none. */
  putAll(objects: readonly StoredObject[]): Promise<void>;
  /** Moves the head from one commit to another; false, and no move, when it no longer stands there. */
  moveHead(from: string | null, to: string): Promise<boolean>;
}

/** One for each storage, so that all who use a storage take turns at moving its head. */
const replicas = new WeakMap<ObjectStorage, ReplicaStorage>();

/**
 * The same storage with the abilities this library needs, built from its plain ones where it lacks them: objects are
 * then stored one by one, and the head is safe from races within this process alone.
 */
export function asReplica(storage: ObjectStorage): ReplicaStorage {
  if (isReplica(storage)) return storage;
  const known = replicas.get(storage) ?? plainReplica(storage);
  replicas.set(storage, known);
  return known;
}

const isReplica = (storage: ObjectStorage): storage is ReplicaStorage =>
  "has" in storage && "putAll" in storage && "moveHead" in storage;

function plainReplica(plain: ObjectStorage): ReplicaStorage {
  const get = <T extends ObjectType>(type: T) => {
    return (hash: string) => readAnyType(plain, type, hash);
  };
  const put = (object: StoredObject) => putOverNothingBetter(plain, object);
  let turn: Promise<unknown> = Promise.resolve();
  return {
    ...{ getBlob: get("blob"), getTree: get("tree") },
    ...{ getCommit: get("commit"), getMetadata: get("metadata") },
    ...{ putBlob: put, putTree: put, putCommit: put, putMetadata: put },
    getHead: () => plain.getHead(),
    setHead: (head) => plain.setHead(head),
    has: async (type, hash) => (await readAnyType(plain, type, hash)) !== null,
    putAll: async (objects) => {
      for (const object of objects) await put(object);
    },
    moveHead: (from, to) => {
      const moved = turn.then(async () => {
        if ((await headOf(plain)) !== from) return false;
        await plain.setHead({ type: "commit", value: to });
        return true;
      });
      turn = moved.catch(() => undefined);
      return moved;
    },
  };
}

/**
 * Reads an object from a storage that keeps one object per hash, whatever its type (FORMAT.md 2.5). Where another type
 * has the hash, both were hashed from the same bytes, and so this one is made from those.
 */
async function readAnyType<T extends ObjectType>(
  storage: ObjectStorage,
  type: T,
  hash: string,
): Promise<ObjectOf<T> | null> {
  const own = await getObject(storage, type, hash);
  if (own?.type === type) return own;
  const other = await firstOf(storage, hash);
  const bytes = other === null ? undefined : await wireBytes(other);
  const read = bytes === undefined ? undefined : await readWire({ type, hash, bytes });
  return (read ?? null) as ObjectOf<T> | null;
}

/** From what a file lives with to what a store cannot live without, for programs that read only what is written. */
const RANK: readonly ObjectType[] = ["blob", "metadata", "tree", "commit"];

async function firstOf(storage: ObjectStorage, hash: string): Promise<StoredObject | null> {
  for (const type of RANK) {
    const found = await getObject(storage, type, hash);
    if (found?.type === type) return found;
  }
  return null;
}

async function putOverNothingBetter(storage: ObjectStorage, object: StoredObject): Promise<void> {
  const there = await firstOf(storage, object.hash);
  const isBetter = there !== null && RANK.indexOf(there.type) > RANK.indexOf(object.type);
  if (!isBetter) await putObject(storage, object);
}
