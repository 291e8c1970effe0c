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
import type { Admission } from "./admission.ts";
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
  "bad_next",
];
const binary = "application/octet-stream";
const deviceHeader = "Gbr-Device";
const headers = {
  [deviceHeader]: {
    says: "The device that asks; without it, that of the login",
    schema: fields.device,
  },
};

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
      headers,
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
      bodyType: binary,
      headers,
      problems: [...problems, "unsupported_media_type", "body_too_large"],
    },
    async (call) => {
      const { request } = call;
      if (request.headers.get("content-type") !== binary) {
        throw new RelayError("unsupported_media_type", { detail: `Send ${binary}.` });
      }
      const frame = new Uint8Array(await readBytes(request, LIMITS.frameBytes));
      const allows = ["put", "chunk"];
      const answers = await collect(await exchange(call, await made(call), frame, allows));
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
      headers,
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
      headers,
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
      headers,
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
      headers,
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
  const [answer] = await collect(await exchange(call, store, encodeBinary([op]), [op.op]));
  if (answer === undefined) throw new RelayError("internal");
  if (answer.op === "error") refuse(answer);
  return { status: 200, body: { ...answer, op: undefined, id: undefined } };
}

/** One operation answered by frames; an error before the first of them is a problem like any other. */
async function stream(call: SyncCall, store: StoreRow, op: ClientOp): Promise<Response> {
  const frames = frameStream(await exchange(call, store, encodeBinary([op]), [op.op]));
  const first = await frames.next();
  if (first.done === true) throw new RelayError("internal");
  const [only] = opsIn(first.value);
  if (only?.op === "error") refuse(only);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(first.value);
    },
    async pull(controller) {
      const next = await frames.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await frames.return();
    },
  });
  return new Response(body, { headers: { "content-type": binary } });
}

async function exchange(
  call: SyncCall,
  store: StoreRow,
  frame: Uint8Array<ArrayBuffer>,
  allows: string[],
): Promise<ReadableStream<Uint8Array>> {
  const admission: Admission = {
    kind: "exchange",
    storeId: store.id,
    device: deviceOf(call),
    allows,
  };
  const { body } = await askHub(call.env, admission, { method: "POST", body: frame });
  if (body === null) throw new RelayError("internal");
  return body;
}

function deviceOf({ request, session }: SyncCall): string {
  const named = v.safeParse(fields.device, request.headers.get(deviceHeader) ?? session.device);
  if (named.success) return named.output;
  throw new RelayError("bad_request_frame", { detail: "The header Gbr-Device is not a name." });
}

async function collect(body: ReadableStream<Uint8Array>): Promise<readonly ServerOp[]> {
  const ops: ServerOp[] = [];
  for await (const frame of frameStream(body)) ops.push(...opsIn(frame));
  return ops;
}

function opsIn(frame: Uint8Array): readonly ServerOp[] {
  const decoded = decodeServerFrame(frame);
  if (!decoded.ok) throw new RelayError("internal");
  return decoded.ops;
}

const codes: Readonly<Partial<Record<string, ProblemCode>>> = {
  ref_conflict: "ref_conflict",
  missing: "missing",
  mid_reused: "mid_reused",
  quota: "quota",
  too_many: "too_many",
  bad_next: "bad_next",
  flood: "too_many_requests",
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
