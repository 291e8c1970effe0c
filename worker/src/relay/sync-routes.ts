import {
  LIMITS,
  decodeServerFrame,
  encodeBinary,
  fields,
  isErrorCode,
  type ClientOp,
  type ErrorOp,
  type ServerOp,
} from "@gitblobs/protocol";
import * as v from "valibot";
import { readBytes } from "../http/body.ts";
import type { Session } from "../http/caller.ts";
import { RelayError, type ProblemCode } from "../http/problem.ts";
import { sessionRoute, type Call, type Route } from "../http/route.ts";
import {
  ackView,
  eventsQuery,
  eventsView,
  fetchQuery,
  getBody,
  haveBody,
  pushBody,
  putView,
  syncParams,
  wantView,
} from "../schemas/stores.ts";
import { findStore, type StoreRow } from "../sync/store-table.ts";
import { askHub, openStore } from "./hub-address.ts";
import { frameStream } from "./frame-stream.ts";

type SyncCall = Call & { readonly session: Session };

/** Refusals of the operations, as problems. */
const problems: readonly ProblemCode[] = [
  "too_many_stores",
  "bad_request_frame",
  "ref_conflict",
  "missing",
  "mid_reused",
  "quota",
  "too_many",
];
const binary = "application/octet-stream";

/** The operations of the socket over HTTP, on the very same handlers (PROTOCOL.md 10). */
export const syncRoutes: readonly Route[] = [
  sessionRoute(
    {
      method: "POST",
      path: "/sync/:store/have",
      summary: "Declare objects of a push and learn which are needed",
      input: { params: syncParams, body: haveBody },
      maxBodyBytes: LIMITS.frameBytes,
      success: { status: 200, description: "Indexes needed and over quota", schema: wantView },
      problems,
    },
    async (call) => single(call, await made(call), { op: "have", id: 0, ...call.body }),
  ),
  sessionRoute(
    {
      method: "POST",
      path: "/sync/:store/objects",
      summary: "Store objects: one binary frame of put and chunk operations",
      input: { params: syncParams },
      success: { status: 200, description: "One answer for each operation", schema: putView },
      problems: [...problems, "unsupported_media_type", "body_too_large"],
    },
    async (call) => {
      const { request } = call;
      if (request.headers.get("content-type") !== binary) {
        throw new RelayError("unsupported_media_type", { detail: `Send ${binary}.` });
      }
      const frame = new Uint8Array(await readBytes(request, LIMITS.frameBytes));
      const answers = await collect(await exchange(call, await made(call), frame));
      const [only] = answers;
      if (answers.length === 1 && only?.op === "error" && only.id === undefined) refuse(only);
      return { status: 200, body: { items: answers } };
    },
  ),
  sessionRoute(
    {
      method: "POST",
      path: "/sync/:store/push",
      summary: "Move a ref once all declared objects are there",
      input: { params: syncParams, body: pushBody },
      success: { status: 200, description: "Durable under this seq", schema: ackView },
      problems,
    },
    async (call) => single(call, await made(call), { op: "push", id: 0, ...call.body }),
  ),
  sessionRoute(
    {
      method: "GET",
      path: "/sync/:store/events",
      summary: "Events after a seq",
      input: {
        params: syncParams,
        query: eventsQuery,
      },
      success: { status: 200, description: "A page of events", schema: eventsView },
      problems,
    },
    async (call) => {
      const { after, limit } = call.query;
      if (limit < 1 || limit > LIMITS.eventsPerPage) {
        throw new RelayError("invalid_query", {
          errors: [{ path: "limit", message: `must be 1 to ${LIMITS.eventsPerPage}` }],
        });
      }
      return single(call, await found(call), { op: "pull", id: 0, after, limit });
    },
  ),
  sessionRoute(
    {
      method: "POST",
      path: "/sync/:store/get",
      summary: "Objects by name, as binary frames",
      input: { params: syncParams, body: getBody },
      maxBodyBytes: LIMITS.frameBytes,
      success: { status: 200, description: "Frames, the last with done", mediaTypes: [binary] },
      problems,
    },
    async (call) => stream(call, await found(call), { op: "get", id: 0, ...call.body }),
  ),
  sessionRoute(
    {
      method: "GET",
      path: "/sync/:store/fetch",
      summary: "Objects of the pushes after a seq, as binary frames",
      input: {
        params: syncParams,
        query: fetchQuery,
      },
      success: { status: 200, description: "Frames, the last with done", mediaTypes: [binary] },
      problems,
    },
    async (call) => stream(call, await found(call), { op: "fetch", id: 0, ...call.query }),
  ),
];

type StoreCall = SyncCall & { readonly params: { readonly store: string } };

/** The store that is read; reading makes none. */
async function found({ env, session, params: { store } }: StoreCall): Promise<StoreRow> {
  const row = await findStore(env.DB, session.userId, store);
  if (row === null) throw new RelayError("not_found");
  return row;
}

/** The store that is written; made if there is none. */
function made({ env, world, session, params: { store } }: StoreCall): Promise<StoreRow> {
  return openStore(env, world, session.userId, store);
}

/** One operation with one JSON answer. */
async function single(call: SyncCall, store: StoreRow, op: ClientOp) {
  const [answer] = await collect(await exchange(call, store, encodeBinary([op])));
  if (answer === undefined) throw new RelayError("internal");
  if (answer.op === "error") refuse(answer);
  return { status: 200, body: { ...answer, op: undefined, id: undefined } };
}

/** One operation answered by frames. */
async function stream(call: SyncCall, store: StoreRow, op: ClientOp): Promise<Response> {
  const body = await exchange(call, store, encodeBinary([op]));
  return new Response(body, { headers: { "content-type": binary } });
}

async function exchange(
  call: SyncCall,
  store: StoreRow,
  frame: Uint8Array<ArrayBuffer>,
): Promise<ReadableStream<Uint8Array> | null> {
  const admission = { kind: "exchange", storeId: store.id, device: deviceOf(call) } as const;
  return (await askHub(call.env, admission, { method: "POST", body: frame })).body;
}

function deviceOf({ request, session }: SyncCall): string {
  const named = v.safeParse(fields.device, request.headers.get("gbr-device") ?? session.device);
  if (named.success) return named.output;
  throw new RelayError("bad_request_frame", { detail: "The header Gbr-Device is not a name." });
}

async function collect(body: ReadableStream<Uint8Array> | null): Promise<readonly ServerOp[]> {
  const ops: ServerOp[] = [];
  if (body === null) return ops;
  for await (const frame of frameStream(body)) {
    const decoded = decodeServerFrame(frame);
    if (decoded.ok) ops.push(...decoded.ops);
  }
  return ops;
}

const codes: Readonly<Partial<Record<string, ProblemCode>>> = {
  ref_conflict: "ref_conflict",
  missing: "missing",
  mid_reused: "mid_reused",
  quota: "quota",
  too_many: "too_many",
  unavailable: "database_unavailable",
  internal: "internal",
};

function refuse(error: ErrorOp): never {
  const code = isErrorCode(error.code) ? codes[error.code] : undefined;
  const { current, need } = error;
  throw new RelayError(code ?? "bad_request_frame", {
    detail: error.message,
    ...(error.retry_after_ms === undefined
      ? {}
      : { retryAfterSeconds: Math.ceil(error.retry_after_ms / 1_000) }),
    extra: {
      ...(current === undefined ? {} : { current }),
      ...(need === undefined ? {} : { need }),
    },
  });
}
