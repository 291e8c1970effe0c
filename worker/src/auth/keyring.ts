import { fromBase64Url, toBase64Url } from "../encoding.ts";
import type { Env } from "../env.ts";
import { RelayError } from "../http/problem.ts";
import type { World } from "../world.ts";
import { openSecretBox, type SecretBox } from "./secret-box.ts";
import {
  insertFirstKey,
  insertKey,
  readLiveKeys,
  retireOtherKeys,
  updateWrapping,
  type SigningKeyRow,
} from "./signing-key-table.ts";

/** How long an isolate may verify with a ring it read before; a new key signs only after everybody knows it. */
export const ringCacheMs = 60_000;
/** How many unknown key ids in a second may make an isolate read the ring in vain. */
const maxMissesPerSecond = 5;
const keyBytes = 32;
const purpose = "gitblobs-relay signing keys v1";

/** A key that verifies, and signs from `signFrom` on. */
export interface SigningKey {
  readonly kid: string;
  readonly secret: Uint8Array<ArrayBuffer>;
  readonly signFrom: number;
  readonly verifyUntil: number | undefined;
}

/** Whether the keys in the database can be used with the secrets at hand. */
export type RingState = "ok" | "none" | "rewrap_needed" | "unreadable";

/** A key as admins see it. */
export interface KeyView {
  readonly kid: string;
  readonly use: "next" | "signing" | "verifying";
  readonly sign_from: number;
  readonly verify_until?: number;
  readonly created_at: number;
  readonly wrapped_by_present_secret: boolean;
}

/** The live keys, newest first. */
export interface Ring {
  readonly keys: readonly SigningKey[];
  readonly state: RingState;
  readonly views: readonly KeyView[];
}

/** The present wrapping secret's box, then the previous one's if there is one. */
async function openBoxes(env: Env, world: World): Promise<readonly [SecretBox, ...SecretBox[]]> {
  const open = (secret: string) => openSecretBox(fromBase64Url(secret), purpose, world);
  const previous = env.JWT_SECRET_PREVIOUS ?? "";
  const current = await open(env.JWT_SECRET);
  return previous === "" ? [current] : [current, await open(previous)];
}

/** Binds a wrapped key to its id and environment, so rows cannot be swapped or carried to another database. */
function contextOf(env: Env, kid: string): string {
  return `${env.ENVIRONMENT}/${kid}`;
}

async function unwrap(
  env: Env,
  boxes: readonly SecretBox[],
  row: SigningKeyRow,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const box = boxes.find((candidate) => candidate.fingerprint === row.wrapped_by);
  return box?.open(row.wrapped_key, contextOf(env, row.kid));
}

/** Reads all live keys; those that cannot be unwrapped are left out and said in `state`. */
export async function readRing(env: Env, world: World): Promise<Ring> {
  const boxes = await openBoxes(env, world);
  const rows = await readLiveKeys(env.DB, world.now());
  const keys: SigningKey[] = [];
  for (const row of rows) {
    const secret = await unwrap(env, boxes, row);
    if (secret !== undefined) {
      const { kid, sign_from: signFrom, verify_until: verifyUntil } = row;
      keys.push({ kid, secret, signFrom, verifyUntil: verifyUntil ?? undefined });
    }
  }
  const views = viewKeys(rows, boxes[0].fingerprint, world.now());
  return { keys, views, state: stateOf(views, keys.length) };
}

function stateOf(views: readonly KeyView[], readable: number): RingState {
  if (views.length === 0) {
    return "none";
  }
  if (readable < views.length) {
    return "unreadable";
  }
  return views.every((view) => view.wrapped_by_present_secret) ? "ok" : "rewrap_needed";
}

/**
 * Of keys from the newest to the oldest the one to sign with: the newest whose time has come. The oldest, which everybody
 * knows, where the clock stands before all of them: clocks differ by moments between machines, and may be set back.
 */
function signingOf<Key>(
  keys: readonly Key[],
  signFrom: (key: Key) => number,
  now: number,
): Key | undefined {
  return keys.find((key) => signFrom(key) <= now) ?? keys.at(-1);
}

function viewKeys(
  rows: readonly SigningKeyRow[],
  presentFingerprint: string,
  now: number,
): readonly KeyView[] {
  const signing = signingOf(rows, (row) => row.sign_from, now)?.kid;
  return rows.map((row) => ({
    kid: row.kid,
    use: row.kid === signing ? "signing" : row.sign_from > now ? "next" : "verifying",
    sign_from: row.sign_from,
    ...(row.verify_until === null ? {} : { verify_until: row.verify_until }),
    created_at: row.created_at,
    wrapped_by_present_secret: row.wrapped_by === presentFingerprint,
  }));
}

/** Makes a new key, wrapped and ready to be inserted. */
async function createKeyRow(env: Env, world: World, signFrom: number): Promise<SigningKeyRow> {
  const [box] = await openBoxes(env, world);
  const kid = toBase64Url(world.random(9));
  return {
    kid,
    wrapped_key: await box.seal(world.random(keyBytes), contextOf(env, kid)),
    wrapped_by: box.fingerprint,
    sign_from: signFrom,
    verify_until: null,
    created_at: world.now(),
  };
}

/**
 * The key to sign with (`signingOf`). Reads the database, so a key killed a moment ago never signs.
 * In a new database it makes the first key.
 *
 * @throws RelayError `keys_unavailable` if no key can be unwrapped
 */
export async function signingKey(env: Env, world: World): Promise<SigningKey> {
  let ring = await readRing(env, world);
  if (ring.state === "none") {
    await insertFirstKey(env.DB, await createKeyRow(env, world, world.now())).run();
    ring = await readRing(env, world);
  }
  const key = signingOf(ring.keys, ({ signFrom }) => signFrom, world.now());
  if (key === undefined) {
    throw new RelayError("keys_unavailable", {
      detail: "An operator must restore JWT_SECRET or rotate the keys with --emergency.",
    });
  }
  return key;
}

/** Finds keys for verification, from memory where it can. One per isolate. */
export type KeyFinder = (env: Env, kid: string) => Promise<SigningKey | undefined>;

/** A finder that reads the ring once per cache period, and again for ids it does not know, a few times a second at most. */
export function createKeyFinder(world: World): KeyFinder {
  let keys: ReadonlyMap<string, SigningKey> = new Map();
  let readAt = -Infinity;
  let misses = { second: 0, count: 0 };
  return async (env, kid) => {
    const second = Math.floor(world.now() / 1000);
    if (misses.second !== second) {
      misses = { second, count: 0 };
    }
    const isStale = world.now() - readAt >= ringCacheMs;
    if (isStale || (!keys.has(kid) && misses.count < maxMissesPerSecond)) {
      const ring = await readRing(env, world);
      keys = new Map(ring.keys.map((key) => [key.kid, key]));
      readAt = world.now();
      misses.count += keys.has(kid) ? 0 : 1;
    }
    const key = keys.get(kid);
    return key?.verifyUntil !== undefined && key.verifyUntil <= world.now() ? undefined : key;
  };
}

/** What a rotation does, as statements for one batch together with its audit row. */
export interface Rotation {
  readonly kid: string;
  readonly signFrom: number;
  /** When the last token of the old keys is refused. */
  readonly retireAt: number;
  readonly statements: readonly D1PreparedStatement[];
}

/**
 * Plans a rotation. Normally the new key signs one cache period from now, and old keys verify until every token they
 * may sign has expired; nobody notices. In an emergency the new key signs at once and the old ones are dead.
 */
export async function planRotation(
  env: Env,
  world: World,
  options: { readonly emergency: boolean; readonly tokenLifeMs: number },
): Promise<Rotation> {
  const now = world.now();
  const ring = await readRing(env, world);
  const someKeySigns = ring.keys.some((key) => key.signFrom <= now);
  const signFrom = options.emergency || !someKeySigns ? now : now + ringCacheMs;
  const retireAt = options.emergency ? now : signFrom + options.tokenLifeMs;
  const row = await createKeyRow(env, world, signFrom);
  const statements = [insertKey(env.DB, row), retireOtherKeys(env.DB, row.kid, retireAt)];
  return { kid: row.kid, signFrom, retireAt, statements };
}

/** What a rewrap does: how many keys it touches, how many it could not open. */
export interface Rewrap {
  readonly rewrapped: number;
  readonly unreadable: number;
  readonly statements: readonly D1PreparedStatement[];
}

/** Plans wrapping every live key with the present JWT_SECRET that is still wrapped with the previous one. */
export async function planRewrap(env: Env, world: World): Promise<Rewrap> {
  const boxes = await openBoxes(env, world);
  const [current] = boxes;
  const rows = await readLiveKeys(env.DB, world.now());
  const statements: D1PreparedStatement[] = [];
  let unreadable = 0;
  for (const row of rows.filter((candidate) => candidate.wrapped_by !== current.fingerprint)) {
    const secret = await unwrap(env, boxes, row);
    if (secret === undefined) {
      unreadable += 1;
    } else {
      const sealed = await current.seal(secret, contextOf(env, row.kid));
      statements.push(updateWrapping(env.DB, row, sealed, current.fingerprint));
    }
  }
  return { rewrapped: statements.length, unreadable, statements };
}
