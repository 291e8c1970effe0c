import { object, parse, record, string, unknown } from "valibot";
import { startRelay as startBundle } from "../../../bench/start-relay.mjs";

/** The relay's bundle, API and page, in the real runtime on loopback; what it keeps is gone when it stops. */
export interface TestRelay {
  readonly url: string;
  /** Makes a user and gives back the password; the change that a first login asks for is done. */
  addUser(username: string, role?: "user" | "admin"): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts the relay from `worker/dist/worker.mjs`. Where GITBLOBS_RELAY_URL and GITBLOBS_ADMIN_TOKEN name one that is
 * deployed, that one is used, and the users made on it are removed again.
 */
export async function startRelay(): Promise<TestRelay> {
  const deployed = process.env["GITBLOBS_RELAY_URL"];
  if (deployed !== undefined)
    return useDeployed(deployed, process.env["GITBLOBS_ADMIN_TOKEN"] ?? "");
  const bundle = await startBundle();
  const { url, secrets } = bundle;
  const token = secrets["ADMIN_TOKEN"] ?? "";
  await call(url, "POST", "/admin/keys/rotate", token, {});
  return {
    url,
    addUser: async (username, role = "user") =>
      (await addUser(url, token, username, role)).password,
    stop: () => bundle.stop(),
  };
}

function useDeployed(url: string, token: string): TestRelay {
  const made: string[] = [];
  return {
    url,
    addUser: async (username, role = "user") => {
      const { id, password } = await addUser(url, token, username, role);
      made.push(id);
      return password;
    },
    stop: async () => {
      for (const id of made) await call(url, "DELETE", `/admin/users/${id}`, token);
    },
  };
}

async function addUser(
  url: string,
  token: string,
  username: string,
  role: string,
): Promise<{ id: string; password: string }> {
  const made = await call(url, "POST", "/admin/users", token, { username, role });
  const password = `${username} has a long password`;
  const oneTime = String(made["one_time_password"]);
  const device = "setup";
  const grant = await call(url, "POST", "/login", undefined, {
    username,
    password: oneTime,
    device,
  });
  const body = { current_password: oneTime, new_password: password };
  await call(url, "PUT", "/password", String(grant["access_token"]), body);
  return { id: parse(object({ id: string() }), made["user"]).id, password };
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
