import { createHash } from "node:crypto";
import {
  LIMITS,
  PING,
  decodeServerFrame,
  encodeBinary,
  encodeText,
  type ClientOp,
  type TypeLabel,
  type Put,
  type ServerOp,
  type SizedKey,
} from "@gitblobs/protocol";
import { env } from "cloudflare:workers";
import { makeStore } from "../src/relay/hub-address.ts";
import { findStore } from "../src/sync/store-table.ts";
import { addSession, startSession } from "./people.ts";
import { startRelay, type TestRelay } from "./test-relay.ts";

export type Person = Awaited<ReturnType<typeof addSession>>;

/** An operation the relay sends, by name. */
type Named<Op extends ServerOp["op"]> = Extract<ServerOp, { readonly op: Op }>;

/** A device's end of a socket: it keeps what it was sent until a test takes it. */
export interface Device {
  readonly name: string;
  readonly socket: WebSocket;
  /** Everything received that is not taken yet. */
  readonly inbox: ServerOp[];
  /** Bytes received in frames. */
  received: number;
  /** Close code, once the socket is closed. */
  readonly closed: Promise<number>;
  send(...ops: ClientOp[]): void;
  /** Takes the next operation of that name, waiting for it. */
  next<Op extends ServerOp["op"]>(op: Op): Promise<Named<Op>>;
  /** Takes the answer to a request. */
  answer(id: number): Promise<ServerOp>;
  /** Waits until the relay has answered everything sent before, and takes nothing else. */
  settle(): Promise<void>;
}

/** Wraps an accepted socket. */
export function wrapSocket(
  name: string,
  socket: WebSocket,
  options: WebSocketAcceptOptions = {},
): Device {
  const inbox: ServerOp[] = [];
  const waiting = new Set<() => void>();
  const { promise: closed, resolve } = Promise.withResolvers<number>();
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  const take = (matches: (op: ServerOp) => boolean): Promise<ServerOp> =>
    new Promise((found, missed) => {
      const look = () => {
        const at = inbox.findIndex(matches);
        const op = inbox[at];
        if (op === undefined) return;
        inbox.splice(at, 1);
        waiting.delete(look);
        found(op);
      };
      waiting.add(look);
      look();
      void closed.then((code) => {
        missed(new Error(`${name} was closed with ${code}`));
      });
    });
  socket.binaryType = "arraybuffer";
  const device: Device = {
    name,
    socket,
    inbox,
    received: 0,
    closed,
    send(...ops) {
      socket.send(ops.some((op) => "bytes" in op) ? encodeBinary(ops) : encodeText(ops));
    },
    next: async (op) => (await take((one) => one.op === op)) as Named<typeof op>,
    answer: (id) =>
      take((one) => "id" in one && one.id === id && one.op !== "objects" && one.op !== "part"),
    async settle() {
      const id = 900_000 + Math.floor(Math.random() * 100_000);
      device.send({ op: "pull", id, after: 0, limit: 1 });
      await device.answer(id);
    },
  };
  const confirm = confirmReading(socket);
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string" && data.startsWith("pong:")) return;
    const frame = typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer);
    device.received += frame.length;
    confirm(frame.length);
    const decoded = decodeServerFrame(frame);
    if (!decoded.ok) throw new Error(`${name} got ${decoded.error.message}`);
    inbox.push(...decoded.ops);
    wake();
  });
  socket.addEventListener("close", ({ code }) => {
    resolve(code);
  });
  socket.accept(options);
  return device;
}

/** Pings after every so many bytes received, as PROTOCOL.md 4 asks; to be told how many came. */
export function confirmReading(socket: WebSocket): (bytes: number) => void {
  let unsaid = 0;
  return (bytes) => {
    unsaid += bytes;
    if (unsaid < LIMITS.pingAfterBytes) return;
    unsaid = 0;
    socket.send(PING);
  };
}

/** Opens a socket; the refusal if there is one. */
export async function openSocket(
  relay: TestRelay,
  store: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  return relay.fetch(`/ws?store=${store}`, { headers: { upgrade: "websocket", ...headers } });
}

/** Connects a device without saying hello. */
export async function dial(
  relay: TestRelay,
  person: Person,
  store: string,
  name: string,
): Promise<Device> {
  const response = await openSocket(relay, store, { authorization: `Bearer ${person.access}` });
  if (response.webSocket === null) throw new Error(`no socket: ${await response.text()}`);
  return wrapSocket(name, response.webSocket);
}

/** The epoch of a person's store, as the database says. */
export async function epochOf(person: Person, store: string): Promise<string> {
  const row = await findStore(env.DB, person.user.id, store);
  if (row === null) throw new Error(`no store ${store}`);
  return row.epoch;
}

/** Connects a device and says hello; the place it names is of the store's own epoch unless that is given. */
export async function connect(
  relay: TestRelay,
  person: Person,
  store: string,
  name: string,
  from: { readonly after?: number; readonly epoch?: string } = {},
): Promise<Device> {
  const device = await dial(relay, person, store, name);
  const { after } = from;
  const place =
    after === undefined ? {} : { after, epoch: from.epoch ?? (await epochOf(person, store)) };
  device.send({ op: "hello", proto: 1, device: name, ...place });
  return device;
}

/** Makes a store of that name for a person; gives back its id. */
export async function provide(relay: TestRelay, person: Person, name: string): Promise<number> {
  return (await makeStore(relay.env, relay.world, person.user.id, name)).id;
}

/** A relay whose doors are the real ones, a person, and a store of a name nobody else has. */
export async function startStory(overrides: Parameters<typeof startRelay>[0] = {}) {
  const { relayDoor } = await import("../src/relay/door.ts");
  const relay = startRelay(overrides, relayDoor);
  const person = await addSession(relay);
  const store = `store-${crypto.randomUUID()}`;
  await provide(relay, person, store);
  return { relay, person, store };
}

export { startSession };

const UTF8 = new TextEncoder();

/** A message of this text. */
export function saying(text: string): { readonly len: number; readonly bytes: Uint8Array } {
  const bytes = UTF8.encode(text);
  return { len: bytes.byteLength, bytes };
}

/** The text of a message. */
export const said = ({ bytes }: { readonly bytes: Uint8Array }): string =>
  new TextDecoder().decode(bytes);

/** A text as it stands in a kept message or a presence. */
export const inBase64 = (text: string): string => UTF8.encode(text).toBase64();

/** An object with the hash of its bytes. */
export function object(content: string | Uint8Array, type: TypeLabel = "blob") {
  const bytes = typeof content === "string" ? UTF8.encode(content) : content;
  const hash = createHash("sha256").update(bytes).digest("hex");
  const key: SizedKey = [type, hash, bytes.byteLength];
  const put = (id: number): Put => ({
    op: "put",
    id,
    type,
    hash,
    len: bytes.byteLength,
    bytes,
  });
  return { type, hash, bytes, key, put };
}
