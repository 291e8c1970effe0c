import {
  LIMITS,
  PROTOCOL_VERSION,
  decodeServerFrame,
  encodeBinary,
  fields,
  isErrorCode,
  type ClientOp,
  type ErrorOp,
  type Hello,
  type ServerOp,
} from "@gitblobs/protocol";
import * as v from "valibot";
import { bearerToken } from "../auth/session-guard.ts";
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
  placeView,
  pushBody,
  putView,
  renewBody,
  renewView,
  storeQuery,
  syncParams,
  wantView,
} from "../schemas/stores.ts";
import type { StoreRow } from "../sync/store-table.ts";
import { access, type Right } from "./access.ts";
import type { Admission } from "./admission.ts";
import { askHub } from "./hub-address.ts";
import { frameStream, peekFrames } from "./frame-stream.ts";
import { leaseUntil } from "./lease.ts";

type SyncCall = Call & { readonly session: Session };

/** Refusals of the operations, as problems. */
const problems: readonly ProblemCode[] = [
  "no_store",
  "store_removed",
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
      method: "GET",
      path: "/sync/:store",
      summary: "Where a store stands, and what is allowed",
      input: { params: syncParams, query: storeQuery },
      success: { status: 200, description: "Of this moment", schema: placeView },
      headers,
      problems,
    },
    async (call) => {
      const { welcome } = await looked(call, await reached(call, "read"), helloOf(call, {}));
      const { store, epoch, head, oldest, refs, limits, kept_until } = welcome;
      return { status: 200, body: { store, epoch, head, oldest, refs, limits, kept_until } };
    },
  ),
  sessionRoute(
    {
      method: "POST",
      path: "/sync/:store/have",
      summary: "Declare objects of a push and learn which are needed",
      input: { params: syncParams, query: storeQuery, body: haveBody },
      maxBodyBytes: LIMITS.frameBytes,
      success: { status: 200, description: "Indexes needed and over quota", schema: wantView },
      headers,
      problems,
    },
    async (call) => single(call, await reached(call, "write"), { op: "have", id: 0, ...call.body }),
  ),
  sessionRoute(
    {
      method: "POST",
      path: "/sync/:store/objects",
      summary: "Store objects: one binary frame of put and chunk operations",
      input: { params: syncParams, query: storeQuery },
      success: { status: 200, description: "One answer for each operation", schema: putView },
      bodyType: binary,
      headers,
      problems: [...problems, "unsupported_media_type", "body_too_slow", "body_too_large"],
    },
    async (call) => {
      const { request } = call;
      if (request.headers.get("content-type") !== binary) {
        throw new RelayError("unsupported_media_type", { detail: `Send ${binary}.` });
      }
      const frame = new Uint8Array(await readBytes(request, LIMITS.frameBytes));
      const allows = ["put", "chunk"];
      const answers = await collect(
        await exchange(call, await reached(call, "write"), frame, allows),
      );
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
      input: { params: syncParams, query: storeQuery, body: pushBody },
      maxBodyBytes: 2 * LIMITS.noteBytes,
      success: { status: 200, description: "Durable under this seq", schema: ackView },
      headers,
      problems,
    },
    async (call) => single(call, await reached(call, "write"), { op: "push", id: 0, ...call.body }),
  ),
  sessionRoute(
    {
      method: "POST",
      path: "/sync/:store/renew",
      summary: "Keep what was pushed from expiring",
      input: { params: syncParams, query: storeQuery, body: renewBody },
      success: { status: 200, description: "When the first of it expires", schema: renewView },
      headers,
      problems,
    },
    async (call) =>
      single(call, await reached(call, "write"), { op: "renew", id: 0, ...call.body }),
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
      const { after, epoch, limit } = call.query;
      if (limit < 1 || limit > LIMITS.eventsPerPage) {
        throw new RelayError("invalid_query", {
          errors: [{ path: "limit", message: `must be 1 to ${LIMITS.eventsPerPage}` }],
        });
      }
      const hello = helloOf(call, { after, epoch });
      const pull = { op: "pull", id: 0, after, limit } as const;
      const { welcome, answers } = await looked(call, await reached(call, "read"), hello, pull);
      const { head, oldest, resumed, reason } = welcome;
      const [page] = answers;
      const { items, more } = page?.op === "events" ? page : { items: [], more: false };
      const hole = reason === undefined ? {} : { reason };
      const place = { epoch: welcome.epoch, head, oldest, resumed, ...hole };
      return { status: 200, body: { items, more, ...place } };
    },
  ),
  sessionRoute(
    {
      method: "POST",
      path: "/sync/:store/get",
      summary: "Objects by name, as binary frames",
      input: { params: syncParams, query: storeQuery, body: getBody },
      maxBodyBytes: LIMITS.frameBytes,
      success: { status: 200, description: "Frames, the last with done", mediaTypes: [binary] },
      headers,
      problems,
    },
    async (call) => stream(call, await reached(call, "read"), { op: "get", id: 0, ...call.body }),
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
    async (call) => {
      const { after, epoch, ...more } = call.query;
      const hello = helloOf(call, { after, epoch });
      const fetch = { ...more, op: "fetch", id: 0, after } as const;
      return stream(call, await reached(call, "read"), hello, fetch);
    },
  ),
];

type StoreCall = SyncCall & {
  readonly params: { readonly store: string };
  readonly query: { readonly id?: number };
};

/** The store that is meant, if the user may do this with it. */
async function reached(call: StoreCall, right: Right): Promise<StoreRow> {
  const { env, world, session, params, query } = call;
  const named = { name: params.store, id: query.id };
  const { store } = await access(env, world, session.userId, named, right);
  // A name is the user's own words: the log has the id.
  call.note({ store: store.id });
  return store;
}

/** One operation with one JSON answer. */
async function single(call: SyncCall, store: StoreRow, op: ClientOp) {
  const [answer] = await collect(await exchange(call, store, encodeBinary([op]), [op.op]));
  if (answer === undefined) throw new RelayError("internal");
  if (answer.op === "error") refuse(answer);
  return { status: 200, body: { ...answer, op: undefined, id: undefined } };
}

/** Operations answered by frames; an error in place of the first answer to one of them is a problem like any other. */
async function stream(call: SyncCall, store: StoreRow, ...ops: ClientOp[]): Promise<Response> {
  const allows = ops.map(({ op }) => op);
  const answer = await exchange(call, store, encodeBinary(ops), allows);
  const { frames, isEmpty, whole } = await peekFrames(answer, ops.length);
  if (isEmpty) throw new RelayError("internal");
  const refused = frames.flatMap(opsIn).find(({ op }) => op === "error");
  if (refused?.op === "error") refuse(refused);
  return new Response(whole, { headers: { "content-type": binary } });
}

/** Says hello as a socket does; whoever names a place names its epoch too. */
function helloOf(
  call: SyncCall,
  from: { readonly after?: number; readonly epoch?: string },
): Hello {
  return { op: "hello", proto: PROTOCOL_VERSION, device: deviceOf(call), ...from };
}

/** Where the store stands, and the answer to what was asked besides; the first error is the answer to all. */
async function looked(call: SyncCall, store: StoreRow, hello: Hello, ...ops: ClientOp[]) {
  const frame = encodeBinary([hello, ...ops]);
  const allows = ["hello", ...ops.map(({ op }) => op)];
  const [welcome, ...answers] = await collect(await exchange(call, store, frame, allows));
  const error = [welcome, ...answers].find((answer) => answer?.op === "error");
  if (error?.op === "error") refuse(error);
  if (welcome?.op !== "welcome") throw new RelayError("internal");
  return { welcome, answers };
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
    userId: call.session.userId,
    username: call.session.username,
    sessionId: call.session.sessionId,
    until: leaseUntil(bearerToken(call.request), call.session, call.world.now()),
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
