import * as v from "valibot";
import type { Env } from "../env.ts";
import type { World } from "../world.ts";
import type { Caller, Session } from "./caller.ts";
import type { Network } from "./network.ts";
import { RelayError, type ProblemCode } from "./problem.ts";

/** Shape of an input or an answer: validation, types and the OpenAPI file come from it. */
export type Schema = v.GenericSchema;

/** What a route reads of a request. What is not named here must be absent: unknown parameters are refused. */
export type Inputs = v.ObjectEntries & Partial<Record<"params" | "query" | "body", Schema>>;

/** What a schema of inputs gives, once checked. */
type Decoded<I extends Inputs> = v.InferOutput<v.StrictObjectSchema<I, undefined>>;

/** An answer: a status and what becomes its JSON body. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** One request, as its handler sees it. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly env: Env;
  readonly world: World;
  readonly requestId: string;
  readonly network: Network;
  readonly caller: Caller;
  /** Adds fields to the request's log line. Never a secret, nor what a user typed as one. */
  readonly note: (fields: LogFields) => void;
  /** Lets work go on after the answer; only for what may be lost. */
  readonly defer: (work: Promise<unknown>) => void;
}

/** What a log line may hold. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** How a route answers when it did what was asked. */
export interface Success {
  readonly status: number;
  readonly description: string;
  readonly schema?: Schema;
  /** Media types of an answer that is not JSON. */
  readonly mediaTypes?: readonly string[];
}

/** Who may use a route: everybody, a live session, or an admin (by role or by ADMIN_TOKEN). */
export type Access = "public" | "session" | "admin";

/** What a route says about itself. The table of routes is the only list of what the relay can be asked. */
export interface RouteSpec<I extends Inputs> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path with `:name` for each parameter. */
  readonly path: string;
  /** One line for people; the OpenAPI summary. */
  readonly summary: string;
  readonly input: I;
  /** Largest body that is read; 4 KiB unless told. */
  readonly maxBodyBytes?: number;
  /** A user who still has a one-time password may use it. */
  readonly whilePasswordMustChange?: boolean;
  /** It answers even while the relay is not configured completely. */
  readonly withoutConfiguration?: boolean;
  /** It is a file of the page, asked for with all the others at once: see `countFile`. */
  readonly isFile?: boolean;
  readonly success: Success;
  /** Another answer than `success` that is no problem document either. */
  readonly otherwise?: Success;
  /** Media type of a body that is not JSON and that the handler reads itself. */
  readonly bodyType?: string;
  /** Headers of its own that it reads, and what they say. */
  readonly headers?: Readonly<Record<string, { readonly says: string; readonly schema: Schema }>>;
  /** Refusals beyond those that come with the access and the inputs. */
  readonly problems?: readonly ProblemCode[];
}

/** The parts of a request that no schema has seen yet. */
export interface RawInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A row of the route table. */
export interface Route extends RouteSpec<Inputs> {
  readonly access: Access;
  readonly answer: (call: Call, input: RawInput) => Promise<Reply | Response>;
}

type Handler<C, I extends Inputs> = (call: C & Decoded<I>) => Promise<Reply | Response>;

/** A route for everybody. */
export function publicRoute<I extends Inputs>(spec: RouteSpec<I>, handle: Handler<Call, I>): Route {
  return {
    ...spec,
    access: "public",
    answer: (call, input) => handle({ ...call, ...decode(spec.input, input) }),
  };
}

/** A route for a live session, which its handler gets as `call.session`. */
export function sessionRoute<I extends Inputs>(
  spec: RouteSpec<I>,
  handle: Handler<Call & { readonly session: Session }, I>,
): Route {
  return {
    ...spec,
    access: "session",
    answer: (call, input) => {
      if (call.caller.kind !== "session") {
        throw new RelayError("not_authenticated");
      }
      return handle({ ...call, session: call.caller.session, ...decode(spec.input, input) });
    },
  };
}

/** A route for admins. */
export function adminRoute<I extends Inputs>(spec: RouteSpec<I>, handle: Handler<Call, I>): Route {
  return {
    ...spec,
    access: "admin",
    answer: (call, input) => handle({ ...call, ...decode(spec.input, input) }),
  };
}

const refusals = { params: "not_found", query: "invalid_query", body: "invalid_body" } as const;

function decode<I extends Inputs>(schemas: I, raw: RawInput): Decoded<I> {
  const present = Object.entries(raw).filter(
    ([name, value]) =>
      name in schemas || (name !== "body" && Object.keys(value as object).length > 0),
  );
  const result = v.safeParse(v.strictObject(schemas), Object.fromEntries(present));
  if (result.success) {
    return result.output;
  }
  const paths = result.issues.map((issue) => v.getDotPath(issue) ?? "");
  const part = (["params", "query", "body"] as const).find((name) => paths[0]?.startsWith(name));
  const errors = result.issues.map((issue, index) => ({
    path: paths[index]?.replace(/^(?:query|body)\.?/u, "") ?? "",
    message: issue.expected === "never" ? "is not known" : issue.message,
  }));
  throw new RelayError(refusals[part ?? "body"], part === "params" ? {} : { errors });
}
