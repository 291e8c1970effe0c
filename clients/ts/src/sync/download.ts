import {
  LIMITS,
  objectsIn,
  type Key,
  type Part,
  type ServerOp,
  type WireObject,
} from "@gitblobs/protocol";
import type { StoredObject } from "../store/objects.ts";
import { readWire } from "../store/wire.ts";
import type { Connection } from "./connection.ts";
import type { RequestOp } from "./requests.ts";

/** Takes objects as they arrive, verified. */
export type Receive = (objects: readonly StoredObject[]) => Promise<void>;

/** What a download ended with. */
export interface Downloaded {
  /** Objects whose time to live is over, and such that arrived damaged. */
  readonly gone: readonly Key[];
  /** The newest event whose objects were included. */
  readonly seq?: number;
}

/** Downloads all objects of the pushes after an event: one round trip for most absences. */
export function fetchAfter(
  connection: Connection,
  after: number,
  receive: Receive,
): Promise<Downloaded> {
  return downloadPages(connection, { op: "fetch", after }, receive);
}

/** Downloads named objects. */
export async function getObjects(
  connection: Connection,
  keys: readonly Key[],
  receive: Receive,
): Promise<Downloaded> {
  const gone: Key[] = [];
  for (let from = 0; from < keys.length; from += LIMITS.objectsPerOp) {
    const objects = keys.slice(from, from + LIMITS.objectsPerOp);
    gone.push(...(await downloadPages(connection, { op: "get", objects }, receive)).gone);
  }
  return { gone };
}

type Pages = Extract<RequestOp, { readonly op: "fetch" | "get" }>;

async function downloadPages(
  connection: Connection,
  request: Pages,
  receive: Receive,
): Promise<Downloaded> {
  const gone: Key[] = [];
  let next: string | undefined;
  for (;;) {
    const parts = new Parts();
    const page = next === undefined ? request : { ...request, next };
    const done = await connection.request(page, async (op) => {
      const { whole, damaged } = await verified(wireObjectsIn(op, parts));
      for (const { type, hash } of damaged) gone.push([type, hash]);
      if (whole.length > 0) await receive(whole);
    });
    if (done.op !== "done") throw new TypeError(`the relay answered ${done.op} to ${request.op}`);
    gone.push(...done.gone);
    if (done.next === undefined) return done.seq === undefined ? { gone } : { gone, seq: done.seq };
    next = done.next;
  }
}

/** What is sealed is for others: it belongs to no copy that this version can have. */
function wireObjectsIn(op: ServerOp, parts: Parts): WireObject[] {
  const came = op.op === "objects" ? objectsIn(op) : op.op === "part" ? parts.add(op) : [];
  return came.filter(({ type }) => type !== "sealed");
}

async function verified(wire: readonly WireObject[]) {
  const read = await Promise.all(wire.map(readWire));
  return {
    whole: read.filter((object) => object !== undefined),
    damaged: wire.filter((_, index) => read[index] === undefined),
  };
}

/** Puts the parts of a large object together; they come in order, one object at a time. */
class Parts {
  #bytes = new Uint8Array();
  #upto = 0;

  add(part: Part): WireObject[] {
    if (part.offset === 0) {
      this.#bytes = new Uint8Array(part.size);
      this.#upto = 0;
    }
    const fits = part.offset === this.#upto && part.offset + part.len <= this.#bytes.length;
    if (!fits) throw new RangeError("the parts of an object do not fit together");
    this.#bytes.set(part.bytes, part.offset);
    this.#upto += part.len;
    if (this.#upto < part.size) return [];
    return [{ type: part.type, hash: part.hash, bytes: this.#bytes }];
  }
}
