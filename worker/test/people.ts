import { grantSession, newId, sessionIdleMs, sessionLifeMs } from "../src/auth/grant.ts";
import { hashPassword } from "../src/auth/password-hash.ts";
import { digestsOf, mintRefreshToken } from "../src/auth/refresh-token.ts";
import { insertSession } from "../src/auth/session-table.ts";
import { findUser, insertUser, type UserRow } from "../src/auth/user-table.ts";
import type { TestRelay } from "./test-relay.ts";

/** The password of every test user. Hashing costs a quarter of a second, so they share one hash. */
export const password = "correct horse battery staple";
let sharedHash: string | undefined;

/** A user, added by the product's own statement. */
export async function addUser(relay: TestRelay, fields: Partial<UserRow> = {}): Promise<UserRow> {
  sharedHash ??= hashPassword(password, relay.env.PASSWORD_PEPPER, relay.world);
  const id = newId(relay.world, "usr");
  const user: UserRow = {
    id,
    username: `u${id
      .slice(4)
      .toLowerCase()
      .replace(/[^a-z0-9]/gu, "x")}`,
    password_hash: sharedHash,
    password_expires_at: null,
    role: "user",
    session_version: 1,
    disabled_at: null,
    created_at: relay.now(),
    ...fields,
  };
  await insertUser(relay.env.DB, user).run();
  return user;
}

/** A session as `POST /login` makes it, without the cost of the hash. */
export async function startSession(relay: TestRelay, user: UserRow, device = "laptop") {
  const { env, world } = relay;
  const token = mintRefreshToken(world);
  const digests = await digestsOf(token);
  const now = relay.now();
  const id = newId(world, "ses");
  const session = {
    id,
    userId: user.id,
    device,
    familyHash: digests.family,
    tokenHash: digests.secret,
    now,
    idleExpiresAt: now + sessionIdleMs,
    expiresAt: now + sessionLifeMs,
    ipPrefix: "test",
  };
  await insertSession(env.DB, session, user.password_hash).run();
  const present = (await findUser(env.DB, user.id)) ?? user;
  const grant = await grantSession(env, world, id, present, token);
  return { id, user, access: grant.access_token, refresh: grant.refresh_token };
}

/** A user with a session. */
export async function addSession(relay: TestRelay, fields: Partial<UserRow> = {}) {
  return startSession(relay, await addUser(relay, fields));
}

/** One request as JSON, and its answer. */
export async function ask(
  relay: TestRelay,
  method: string,
  path: string,
  given: {
    readonly token?: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  const response = await relay.fetch(path, {
    method,
    headers: {
      ...(given.body === undefined ? {} : { "content-type": "application/json" }),
      ...(given.token === undefined ? {} : { authorization: `Bearer ${given.token}` }),
      ...given.headers,
    },
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const body: unknown = isJson && text !== "" ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, body: fieldsOf(body) };
}

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The fields of a JSON body; none otherwise. */
  readonly body: Readonly<Record<string, unknown>>;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** A text field of an answer. */
export function textOf(answer: Answer, field: string): string {
  const value = answer.body[field];
  if (typeof value !== "string") {
    throw new Error(`no text field ${field} in ${answer.text}`);
  }
  return value;
}

/** Logs in over HTTP. */
export function logIn(relay: TestRelay, username: string, given = password, device = "laptop") {
  return ask(relay, "POST", "/login", { body: { username, password: given, device } });
}
