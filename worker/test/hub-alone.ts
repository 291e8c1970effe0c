import { env } from "cloudflare:workers";
import type { ServerOp } from "@gitblobs/protocol";
import { readSettings } from "../src/sync/settings.ts";
import type { EventRow } from "../src/sync/event-table.ts";
import { freshEntry } from "../src/relay/entry.ts";
import { openConnection, type Attachment, type Connection } from "../src/relay/connection.ts";
import { openAccount } from "../src/relay/account.ts";
import { readRates } from "../src/relay/flood.ts";
import type { Hub } from "../src/relay/hub.ts";
import type { Peer } from "../src/relay/peer.ts";

/** What the database of a hub alone answers; it fails with `error` while there is one. */
export interface Answers {
  head: number;
  events: EventRow[];
  error: Error | undefined;
  /** Whether the store has a row. */
  isThere: boolean;
}

/** A kept message as the database has it. */
export const keptMessage = (seq: number): EventRow => ({
  ...{ seq, kind: "message", at: 1, by_id: "u", device: "tablet", mid: `m${seq}` },
  ...{ recipient_id: null, recipient: null, body: "74657874" },
  ...{ ref: null, old: null, new: null, objects: null, bytes: null, note: null },
});

/** A hub without its Durable Object: its connections are real, its clock stands still, its database is `answers`. */
export function hubAlone(published = 0) {
  const answers: Answers = { head: published, events: [], error: undefined, isThere: true };
  const batches: string[][] = [];
  const log: Record<string, unknown>[] = [];
  const alarms: number[] = [];
  const waits: Promise<unknown>[] = [];
  const resultOf = ({ sql, values }: Statement): object => {
    if (sql.includes("s.epoch")) {
      const row = {
        head: answers.head,
        epoch: "e",
        oldest: 1,
        kept_until: 0,
        kept_since: 0,
        soonest: null,
      };
      return { results: answers.isThere ? [row] : [] };
    }
    if (!sql.includes("seq > ?3")) return { results: [] };
    const [, , after, limit] = values;
    const rows = answers.events.filter(({ seq }) => seq > Number(after)).slice(0, Number(limit));
    const head = Math.max(answers.head, answers.events.at(-1)?.seq ?? 0);
    return { results: rows.map((row) => ({ ...row, head })) };
  };
  const answer = <T>(given: () => T): Promise<T> =>
    answers.error === undefined ? Promise.resolve(given()) : Promise.reject(answers.error);
  const meta = { rows_read: 1, rows_written: 0 };
  const db = {
    prepare: (sql: string) => ({
      bind: (...values: unknown[]) => ({
        ...{ sql, values },
        all: () => answer(() => ({ meta, ...resultOf({ sql, values }) })),
        run: () => answer(() => ({ meta: { ...meta, changes: 1 } })),
      }),
    }),
    batch: (statements: Statement[]) => {
      batches.push(statements.map(({ sql }) => sql));
      return answer(() => statements.map((one) => ({ meta, ...resultOf(one) })));
    },
  };
  const hub = {
    ctx: {
      waitUntil: (promise: Promise<unknown>) => waits.push(promise),
      setWebSocketAutoResponse: () => undefined,
      storage: {
        put: () => Promise.resolve(),
        getAlarm: () => Promise.resolve(null),
        setAlarm: (at: number) => Promise.resolve(alarms.push(at)),
      },
    },
    env: { ...env, DB: db },
    world: {
      now: () => 5_000,
      random: (count: number) => new Uint8Array(count).fill(7),
      log: (line: string) => log.push(JSON.parse(line) as Record<string, unknown>),
    },
    settings: readSettings(env),
    rates: readRates(env),
    accounts: new Map(),
    scope: { storeId: 42, userId: "usr_x" },
    ...{
      stock: undefined,
      known: undefined,
      kept: { since: 0, until: 0 },
      needs: new Map(),
      connections: new Map(),
      queue: [],
      queuedBytes: 0,
      writing: undefined,
    },
    ...{
      epoch: "e",
      published,
      notedAt: 0,
      unsure: false,
      entry: freshEntry(),
      presence: { at: 0, isDue: false },
    },
  } as unknown as Hub;
  return { hub, answers, batches, log, alarms, waits };
}

interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** The connection of a device that said hello, on such a socket. */
export function connectionOn(socket: unknown, change: Partial<Attachment> = {}): Connection {
  const attachment: Attachment = {
    ...{ v: 1, session: "s", user: "u", username: "ada", since: 5_000, heard: 5_000 },
    ...{ until: 9_000_000, warned: false, device: "laptop", live: true, cursor: 0, state: null },
    ...change,
  };
  return openConnection(socket as WebSocket, attachment, {
    rates: { frames: 10, bytes: 10_000 },
    lastPing: () => 0,
    unreadTogether: () => 0,
    onClosed: () => undefined,
  });
}

/** A device of a hub alone: its connection, and what it was told. */
export function deviceOf(hub: Hub, change: Partial<Attachment> = {}) {
  const told: ServerOp[] = [];
  const closes: number[] = [];
  const socket = {
    bufferedAmount: 0,
    serializeAttachment: () => undefined,
    send: (frame: string) => told.push(...(JSON.parse(frame) as ServerOp[])),
    close: (code: number) => closes.push(code),
  } as unknown as WebSocket;
  const connection = connectionOn(socket, { cursor: hub.published, ...change });
  hub.connections.set(socket, connection);
  return { connection, told, closes };
}

/** Somebody who asks, and what is answered; it has no room for bodies. */
export function peerOf(connection?: Connection) {
  const replies: ServerOp[] = [];
  const peer: Peer = {
    party: ["u", "laptop"],
    account: openAccount({}, 0),
    connection,
    reply: (op) => replies.push(op),
    enter: () => Promise.resolve(undefined),
    send: (op) => replies.push(op),
  };
  return { peer, replies };
}
