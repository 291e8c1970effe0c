import { LIMITS, type Key, type Party, type Push, type Send } from "@gitblobs/protocol";
import {
  eventBytes,
  findOutcomes,
  findSameBodies,
  insertPart,
  partyName,
  requestEvents,
  type EventRequest,
  type NewPart,
  type OutcomeRow,
} from "./event-table.ts";
import { failure, midReused, otherSize } from "./failure.ts";
import { encodeList } from "./object-list.ts";
import { claimPacks, findPacks, unclaimPacks, type Claim } from "./pack-table.ts";
import { answer, rowsOf, sliced, type Outcome, type Piece, type SyncDeps } from "./piece.ts";
import { expiryOf } from "./settings.ts";
import { standingsOf, type Standing } from "./standing.ts";
import type { Draft } from "./store-objects.ts";

/** A push, or a message that is kept. */
export interface Publication {
  readonly party: Party;
  readonly op: Push | Send;
}

/** Objects whose names an event holds itself; those of a larger push go on in parts of as many. */
const partObjects = 10_000;
/** Packs one push may need: their ids are one parameter. Only objects put one at a time come to so many. */
const maxPacks = 50_000;
/** Characters of requests in one parameter. */
const parameterLength = 900_000;
const slackMs = LIMITS.renewSlackSeconds * 1_000;

/** A push as it was found to be before its batch. */
interface Prepared {
  readonly publication: Publication;
  readonly missing: readonly Key[];
  readonly tooMany: boolean;
  /** One for which another size was declared. */
  readonly otherSize?: Key;
  /** What it needs, by the packs it is in: of the store, and of its own group. */
  readonly known: ReadonlyMap<number, readonly Key[]>;
  readonly drafts: ReadonlyMap<Draft, readonly Key[]>;
  readonly request?: EventRequest;
  readonly parts: readonly NewPart[];
  /** The one with the same mid that came before it in the group: only that one is asked for. */
  readonly first?: Publication;
}

/**
 * Publishes pushes and kept messages in order: each moves its ref, if what it needs is there; the same mid again gives
 * the same event. `draftOf` names the packs that are stored in the same batch, before.
 */
export function publish(
  deps: SyncDeps,
  publications: readonly Publication[],
  draftOf: (key: Key) => Draft | undefined,
): Piece {
  const { db, scope, settings, now, stock } = deps;
  const prepared = plansOf(deps, publications, draftOf);
  for (const { drafts, request } of prepared) {
    if (request !== undefined) for (const draft of drafts.keys()) draft.pushed = true;
  }
  const requests = prepared.flatMap(({ request }) => (request === undefined ? [] : [request]));
  const parts = prepared.flatMap((one) => one.parts);
  const claims = prepared.flatMap((one): Claim[] => claimOf(deps, one, [...one.known.keys()]));
  const drafted = prepared.flatMap((one): Claim[] =>
    claimOf(
      deps,
      one,
      [...one.drafts.keys()].map(({ id }) => id),
    ),
  );
  const weight = (r: EventRequest) =>
    r.weight + (r.body?.length ?? 0) + (r.packs?.length ?? 0) * 18 + 512;
  const claimLength = ({ packs }: Claim) => packs.length * 18 + 192;
  const statements =
    publications.length === 0
      ? []
      : [
          ...sliced(requests, weight, parameterLength).map((some) =>
            requestEvents(db, scope, some, settings, now),
          ),
          ...parts.map((part) => insertPart(db, scope, part)),
          ...sliced(claims, claimLength, parameterLength).map((some) =>
            claimPacks(db, scope, some, slackMs),
          ),
          ...(drafted.length === 0 ? [] : [unclaimPacks(db, scope, drafted)]),
          findOutcomes(
            db,
            scope,
            publications.map(({ party, op }) => [...party, op.mid, op.op === "push" ? op.ref : ""]),
          ),
        ];
  return {
    statements,
    settle: async (results, head) => {
      const rows = new Map(rowsOf<OutcomeRow>(results.at(-1)).map((row) => [row.i, row]));
      const same = await sameMessages(deps, publications, rows, head);
      const ops = publications.map(({ op }) => op);
      const standings = standingsOf(ops, rows, head);
      const published = new Set<Draft>();
      const outcomes: Outcome[] = [];
      for (const [i, one] of prepared.entries()) {
        const row = rows.get(i);
        const { party, op } = one.publication;
        if (row?.seq != null) {
          if (op.op === "push") deps.declarations.drop(party, op.mid);
          for (const draft of one.drafts.keys()) published.add(draft);
          claimInStock(deps, one);
        }
        outcomes.push(
          op.op === "push"
            ? await settlePush(deps, op, row, standings[i] ?? nowhere, one)
            : settleMessage(op, row, same.has(i)),
        );
      }
      for (const { drafts } of prepared) {
        for (const draft of drafts.keys()) {
          const pack = stock.pack(draft.id);
          if (pack !== undefined && draft.pushed) pack.pushed = published.has(draft);
        }
      }
      return outcomes;
    },
  };
}

/** Plans each mid once: what a push consists of may be a hundred thousand names, and a frame may name it a thousand times. */
function plansOf(
  deps: SyncDeps,
  publications: readonly Publication[],
  draftOf: (key: Key) => Draft | undefined,
): readonly Prepared[] {
  const plans = new Map<string, Prepared>();
  return publications.map((publication): Prepared => {
    const name = `${partyName(publication.party)}\n${publication.op.mid}`;
    const plan = plans.get(name);
    if (plan === undefined) {
      const made = planOf(deps, publication, draftOf);
      plans.set(name, made);
      return made;
    }
    const { missing, tooMany, otherSize: size, publication: first } = plan;
    const nothing = { known: new Map(), drafts: new Map(), parts: [] };
    const found = size === undefined ? nothing : { ...nothing, otherSize: size };
    return { ...found, publication, missing, tooMany, first };
  });
}

function planOf(
  deps: SyncDeps,
  publication: Publication,
  draftOf: (key: Key) => Draft | undefined,
): Prepared {
  const { settings, now, stock } = deps;
  const { party, op } = publication;
  const expiresAt = now + settings.ttlMaxSeconds * 1_000;
  const known = new Map<number, Key[]>();
  const drafts = new Map<Draft, Key[]>();
  const nothing = { publication, missing: [], tooMany: false, known, drafts, parts: [] };
  if (op.op === "send") {
    const { mid, to, bytes, ttl } = op;
    const request: EventRequest = {
      ...{ kind: "message", party, mid, expiresAt, body: bytes.toHex() },
      ...(to === undefined ? {} : { recipient: to }),
      bodyExpiresAt: expiryOf(settings, now, ttl),
      weight: eventBytes + bytes.byteLength,
    };
    return { ...nothing, request };
  }
  const list = deps.declarations.listOf(party, op.mid);
  const missing = new Map<string, Key>();
  for (const [type, hash, size] of list) {
    const place = stock.find([type, hash], now);
    const draft = place === undefined ? draftOf([type, hash]) : undefined;
    const there = place?.size ?? draft?.sizes.get(`${type} ${hash}`) ?? size;
    if (there !== size) return { ...nothing, otherSize: [type, hash] };
    if (place !== undefined) addTo(known, place.pack.id, [type, hash]);
    else if (draft !== undefined) addTo(drafts, draft, [type, hash]);
    else missing.set(`${type} ${hash}`, [type, hash]);
  }
  const found = { ...nothing, missing: [...missing.values()], tooMany: known.size > maxPacks };
  if (found.tooMany || missing.size > 0) return found;
  const [text = encodeList([]), ...rest] = sliced(list, () => 1, partObjects).map(encodeList);
  const { mid, ref, old, new: target } = op;
  const request: EventRequest = {
    ...{ kind: "push", party, mid, expiresAt, ref, old, new: target, objects: list.length },
    bytes: list.reduce((sum, [, , size]) => sum + size, 0),
    keepsUntil: expiryOf(settings, now, op.ttl),
    list: text,
    ...(op.note === undefined ? {} : { note: op.note }),
    weight: eventBytes + text.length + (op.note?.length ?? 0),
    packs: [...known.keys(), ...[...drafts.keys()].map(({ id }) => id)],
  };
  const parts = rest.map((part, i): NewPart => ({ party, mid, part: i + 1, list: part }));
  return { ...found, request, parts };
}

function addTo<K>(map: Map<K, Key[]>, to: K, key: Key): void {
  const keys = map.get(to);
  if (keys === undefined) map.set(to, [key]);
  else keys.push(key);
}

function claimOf(deps: SyncDeps, one: Prepared, packs: readonly number[]): Claim[] {
  const { party, op } = one.publication;
  if (op.op !== "push" || packs.length === 0) return [];
  return [{ party, mid: op.mid, expiresAt: expiryOf(deps.settings, deps.now, op.ttl), packs }];
}

/** What {@link claimPacks} does in the database. */
function claimInStock(deps: SyncDeps, one: Prepared): void {
  const { op } = one.publication;
  if (op.op !== "push") return;
  const until = expiryOf(deps.settings, deps.now, op.ttl);
  deps.stock.keep(until, deps.now);
  for (const id of one.known.keys()) {
    const pack = deps.stock.pack(id);
    if (pack === undefined) continue;
    if (!pack.pushed || pack.expiresAt < until - slackMs) {
      pack.pushed = true;
      pack.expiresAt = Math.max(pack.expiresAt, until);
    }
  }
}

/** What a push finds of which the database said nothing. */
const nowhere: Standing = { stood: null, refs: 0 };

async function settlePush(
  deps: SyncDeps,
  push: Push,
  row: OutcomeRow | undefined,
  { stood, refs }: Standing,
  one: Prepared,
): Promise<Outcome> {
  const { id, mid, ref } = push;
  if (row?.seq != null) {
    const { kind, note } = row;
    const same = kind === "push" && row.ref === ref && row.old === push.old && row.new === push.new;
    return same && note === (push.note ?? null)
      ? { kind: "event", id, mid, seq: row.seq }
      : answer(midReused(id));
  }
  if (stood !== push.old) {
    const detail = { current: stood };
    return answer(failure(id, "ref_conflict", `${ref} stands elsewhere; pull first.`, detail));
  }
  if (one.first !== undefined && !isSamePush(one.first.op, push)) {
    const message = "Another push of the same mid was refused just before; send it again.";
    return answer(failure(id, "unavailable", message, { retry_after_ms: 1_000 }));
  }
  if (one.otherSize !== undefined) return answer(otherSize(id, one.otherSize));
  if (one.tooMany) {
    return answer(failure(id, "too_many", `A push has at most ${maxPacks} objects put alone.`));
  }
  const need = one.missing.length > 0 ? one.missing : await lostOf(deps, one);
  if (need.length > 0) {
    const message = "Declared objects are not there; put them, then push again.";
    return answer(failure(id, "missing", message, { need: need.slice(0, LIMITS.objectsPerOp) }));
  }
  const isNewRef = push.old === null && push.new !== null;
  if (push.note !== undefined && (row?.noted ?? 0) >= LIMITS.notedRefsPerStore) {
    const message = `At most ${LIMITS.notedRefsPerStore} refs of a store have a note.`;
    return answer(failure(id, "too_many", message));
  }
  return isNewRef && refs >= LIMITS.refsPerStore
    ? answer(failure(id, "too_many", `A store has at most ${LIMITS.refsPerStore} refs.`))
    : answer(failure(id, "quota", "The quota is used up."));
}

/**
 * What a refused push needs of packs that are not there after all: those of its own group, for which there was no room,
 * and those that the database lost without the hub, as when it was put back in time.
 */
async function lostOf({ db, scope, stock }: SyncDeps, one: Prepared): Promise<readonly Key[]> {
  const lost = [...one.drafts].flatMap(([draft, keys]) =>
    stock.pack(draft.id) === undefined ? keys : [],
  );
  if (lost.length > 0 || one.known.size === 0) return lost;
  const { results } = await findPacks(db, scope, [...one.known.keys()]).all<{ id: number }>();
  const there = new Set(results.map(({ id }) => id));
  return [...one.known].flatMap(([id, keys]) => {
    if (there.has(id)) return [];
    stock.remove(id);
    return keys;
  });
}

const isSamePush = (one: Push | Send, other: Push): boolean =>
  one.op === "push" &&
  one.ref === other.ref &&
  one.old === other.old &&
  one.new === other.new &&
  one.note === other.note;

function settleMessage(send: Send, row: OutcomeRow | undefined, isSame: boolean): Outcome {
  const { id, mid } = send;
  if (row?.seq == null) return answer(failure(id, "quota", "The quota is used up."));
  return isSame ? { kind: "event", id, mid, seq: row.seq } : answer(midReused(id));
}

/** The places of those messages that are the events they found: new ones, and old ones that say the same. */
async function sameMessages(
  deps: SyncDeps,
  publications: readonly Publication[],
  rows: ReadonlyMap<number, OutcomeRow>,
  head: number,
): Promise<ReadonlySet<number>> {
  const same = new Set<number>();
  const old: { readonly i: number; readonly seq: number; readonly body: string }[] = [];
  const fresh = new Set<number>();
  for (const [i, { op }] of publications.entries()) {
    const row = rows.get(i);
    if (op.op !== "send" || row?.seq == null) continue;
    const [member, device] = op.to ?? [null, null];
    if (row.kind !== "message" || row.recipient_id !== member || row.recipient !== device) continue;
    // Only what was there before has to be compared, and what has a mid of the same group.
    if (row.seq > head && !fresh.has(row.seq)) {
      fresh.add(row.seq);
      same.add(i);
    } else old.push({ i, seq: row.seq, body: op.bytes.toHex() });
  }
  for (const some of sliced(old, ({ body }) => body.length + 16, parameterLength)) {
    const pairs = some.map(({ seq, body }) => [seq, body] as const);
    const { results } = await findSameBodies(deps.db, deps.scope, pairs).all<{ i: number }>();
    for (const { i } of results) {
      const found = some[i];
      if (found !== undefined) same.add(found.i);
    }
  }
  return same;
}
