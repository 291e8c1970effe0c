// A small client of the relay for benchmarks and fault tests: users, sockets, frames.
import { createHash, randomBytes } from "node:crypto";
import WebSocket from "ws";

/** One JSON request; gives back its status and body. */
export async function call(url, method, path, token, body, headers = {}) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** The body of a request that has to succeed. */
async function succeed(url, method, path, token, sent) {
  const { status, body } = await call(url, method, path, token, sent);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Makes a user and logs in; gives back an access token. */
export async function login(relay, username) {
  return (await register(relay, username))();
}

/** An access token lives for fifteen minutes; one as old as this is not used any more. */
const oldTokenMs = 600_000;

/** Makes a user; gives back what gives an access token whenever it is asked, for as long as the relay runs. */
export async function register(relay, username) {
  const { url, secrets } = relay;
  const made = await succeed(url, "POST", "/admin/users", secrets.ADMIN_TOKEN, {
    username,
    role: "user",
  });
  const device = "bench";
  const first = made.one_time_password;
  const password = `long enough ${randomBytes(12).toString("hex")}`;
  const once = await succeed(url, "POST", "/login", undefined, {
    username,
    password: first,
    device,
  });
  await succeed(url, "PUT", "/password", once.access_token, {
    current_password: first,
    new_password: password,
  });
  let token;
  let at = -Infinity;
  return async () => {
    if (performance.now() - at < oldTokenMs) return token;
    const sent = { username, password, device };
    const { access_token } = await succeed(relay.url, "POST", "/login", undefined, sent);
    token = access_token;
    at = performance.now();
    return token;
  };
}

/** Opens a socket and waits for it. */
export function open(url, headers = {}) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace("http", "ws"), {
      headers,
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    socket.once("open", () => resolve(socket));
    let unsaid = 0;
    socket.on("message", (data) => {
      unsaid += data.length;
      // As the protocol asks: the relay learns that this device goes on reading.
      if (unsaid > 1_048_576 && socket.readyState === socket.OPEN) {
        unsaid = 0;
        socket.send("ping");
      }
    });
    socket.once("error", reject);
    socket.once("unexpected-response", (_, response) =>
      reject(new Error(`refused: ${response.statusCode}`)),
    );
  });
}

const made = new Set();

/** Makes a store, once for each token: opening makes none. */
export async function makeStore(url, token, name) {
  const key = `${url} ${name} ${token}`;
  if (made.has(key)) return;
  await succeed(url, "POST", "/stores", token, { name });
  made.add(key);
}

/** Opens a device's socket and says hello; the store is made where a device begins with it. */
export async function connect(url, token, store, device, from = {}) {
  if (from.after === undefined) await makeStore(url, token, store);
  const socket = await open(`${url}/ws?store=${store}`, { authorization: `Bearer ${token}` });
  const welcome = next(socket, (op) => op.op === "welcome");
  socket.send(JSON.stringify([{ op: "hello", proto: 1, device, ...from }]));
  return { socket, welcome: await welcome };
}

/** The operations of a frame the relay sent, with the bytes of messages and no other bodies; a pong is a text of its own. */
export function opsOf(data) {
  if (data[0] !== 1) {
    const text = data.toString();
    return text.startsWith("pong:") ? [text] : JSON.parse(text);
  }
  let at = 8 + data.readUInt32BE(4);
  const ops = JSON.parse(data.subarray(8, at).toString());
  for (const op of ops) {
    const end = at + (op.len ?? op.items?.reduce((sum, [, , size]) => sum + size, 0) ?? 0);
    if (op.op === "message") op.bytes = data.subarray(at, end);
    at = end;
  }
  return ops;
}

/** Operations as one frame; what a message is to `say`, a text or bytes, is its body. */
export function frameOf(ops) {
  if (!ops.some(({ say }) => say !== undefined)) return JSON.stringify(ops);
  const bodies = ops.flatMap(({ say }) => (say === undefined ? [] : [Buffer.from(say)]));
  let at = 0;
  const plain = ops.map(({ say, ...op }) =>
    say === undefined ? op : { ...op, len: bodies[at++].length },
  );
  return binaryFrame(plain, bodies);
}

/** The text of a kept message, which stands in base64. */
export const keptText = ({ body }) => Buffer.from(body, "base64").toString();

/** Waits for the first operation, or pong, that matches. */
export function next(socket, matches) {
  return new Promise((resolve, reject) => {
    const look = (data) => {
      const found = opsOf(data).find(matches);
      if (found === undefined) return;
      socket.off("message", look);
      resolve(found);
    };
    socket.on("message", look);
    socket.once("close", (code) => reject(new Error(`closed with ${code} before an answer`)));
  });
}

/** Sends an operation and waits for the one that answers it. */
export function request(socket, op) {
  const answer = next(
    socket,
    (one) => one.id === op.id && one.op !== "objects" && one.op !== "part",
  );
  socket.send(frameOf([op]));
  return answer;
}

export const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** A binary frame of operations and their bodies. */
export function binaryFrame(ops, bodies) {
  const header = Buffer.from(JSON.stringify(ops));
  const prefix = Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]);
  prefix.writeUInt32BE(header.length, 4);
  return Buffer.concat([prefix, header, ...bodies]);
}

/** The value below which that share of the numbers lies. */
export function quantile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** The middle one of some numbers. */
export const median = (numbers) => quantile(numbers, 0.5);
