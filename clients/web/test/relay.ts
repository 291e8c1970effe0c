import { randomBytes } from "node:crypto";
import { object, parse, record, string, unknown, array, optional } from "valibot";
import { startRelay as startBundle } from "../../../bench/start-relay.mjs";

/** A user made for a test, with the password they chose. */
export interface Person {
  readonly username: string;
  readonly password: string;
}

/** A relay under test: the deployed one, or the built bundle in the real runtime on loopback. */
export interface TestRelay {
  readonly url: string;
  /** A user name that nobody else has: runs against one relay do not meet. */
  nameOf(name: string): string;
  /** Makes a user; the change of password that a first login asks for is done. */
  addUser(name: string, role?: "user" | "admin"): Promise<Person>;
  /** Makes a user who has not logged in yet, with a one-time password. */
  inviteUser(name: string): Promise<Person>;
  /** Asks as an operator. */
  ask(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  /** Removes all users whose name came from {@link nameOf}, whoever made them. */
  stop(): Promise<void>;
}

/**
 * The relay that GITBLOBS_RELAY_URL and GITBLOBS_ADMIN_TOKEN name; without them one of the test's own, started from
 * `worker/dist/worker.mjs`, as always when it needs `settings` of its own.
 */
export async function startRelay(settings?: Record<string, string>): Promise<TestRelay> {
  const deployed = process.env["GITBLOBS_RELAY_URL"];
  if (deployed !== undefined && settings === undefined)
    return makeRelay(deployed, process.env["GITBLOBS_ADMIN_TOKEN"] ?? "", () => Promise.resolve());
  const bundle = await startBundle({ overrides: settings ?? {} });
  const token = bundle.secrets["ADMIN_TOKEN"] ?? "";
  await call(bundle.url, "POST", "/admin/keys/rotate", token, {});
  return makeRelay(bundle.url, token, () => bundle.stop());
}

const usersSchema = object({
  users: array(object({ id: string(), username: string() })),
  next: optional(string()),
});

function makeRelay(url: string, token: string, end: () => Promise<void>): TestRelay {
  const suffix = randomBytes(4).toString("hex");
  const nameOf = (name: string) => `${name}-${suffix}`;
  const ask: TestRelay["ask"] = (method, path, body) => call(url, method, path, token, body);
  const inviteUser = async (name: string, role = "user") => {
    const username = nameOf(name);
    const made = await ask("POST", "/admin/users", { username, role });
    return { username, password: String(made["one_time_password"]) };
  };
  const removeUser = async (id: string) => {
    try {
      await ask("DELETE", `/admin/users/${id}`);
    } catch (error) {
      // A relay keeps its last admin: where it had none before, one of ours stays.
      if (!String(error).includes("last_admin")) throw error;
    }
  };
  const removeUsers = async () => {
    let next: string | undefined;
    do {
      const after = next === undefined ? "" : `&after=${next}`;
      const page = parse(usersSchema, await ask("GET", `/admin/users?limit=200${after}`));
      for (const { id, username } of page.users)
        if (username.endsWith(`-${suffix}`)) await removeUser(id);
      ({ next } = page);
    } while (next !== undefined);
  };
  return {
    url,
    nameOf,
    ask,
    inviteUser,
    addUser: async (name, role = "user") => choosePassword(url, await inviteUser(name, role)),
    stop: async () => {
      await removeUsers();
      await end();
    },
  };
}

async function choosePassword(url: string, { username, password }: Person): Promise<Person> {
  const device = "setup";
  const grant = await call(url, "POST", "/login", undefined, { username, password, device });
  const chosen = `a long password, ${randomBytes(8).toString("hex")}`;
  const body = { current_password: password, new_password: chosen };
  await call(url, "PUT", "/password", String(grant["access_token"]), body);
  return { username, password: chosen };
}

async function call(
  url: string,
  method: string,
  path: string,
  token: string | undefined,
  body?: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? {} : parse(record(string(), unknown()), JSON.parse(text));
}
