import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startRelay } from "../../../bench/start-relay.mjs";

const bundle = fileURLToPath(new URL("../../../worker/dist/worker.mjs", import.meta.url));

/** Whether the relay's bundle was built. */
export const hasRelay = existsSync(bundle);
if (!hasRelay) console.warn("absent: the relay's bundle (npm run build)");

/** The bundle in the real runtime, with the user ada and her store notes. */
export async function startRelayWithUser(): Promise<{
  readonly url: string;
  readonly password: string;
  readonly stop: () => Promise<void>;
}> {
  const relay = await startRelay();
  const ask = async (method: string, path: string, token: string, body: object) => {
    const response = await fetch(`${relay.url}${path}`, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return (text === "" ? {} : JSON.parse(text)) as Record<string, string>;
  };
  const admin = relay.secrets["ADMIN_TOKEN"] ?? "";
  await ask("POST", "/admin/keys/rotate", admin, {});
  const made = await ask("POST", "/admin/users", admin, { username: "ada" });
  const oneTime = made["one_time_password"] ?? "";
  const password = "a sentence nobody else would say";
  const login = { username: "ada", password: oneTime, device: "setup" };
  const { access_token: token = "" } = await ask("POST", "/login", "", login);
  const change = { current_password: oneTime, new_password: password };
  await ask("PUT", "/password", token, change);
  const again = await ask("POST", "/login", "", { username: "ada", password, device: "setup" });
  await ask("POST", "/stores", again["access_token"] ?? "", { name: "notes" });
  return { url: relay.url, password, stop: () => relay.stop() };
}
