import { LIMITS, objectsIn, type Chunk, type Key } from "@gitblobs/protocol";
import { makeStore } from "../src/relay/hub-address.ts";
import { connect, object, startStory, type Device } from "./device.ts";
import { replaceBindings } from "./hub-database.ts";

/** A person with one device connected to a store whose hub has these bindings. */
export async function connected(bindings: Parameters<typeof replaceBindings>[1] = {}) {
  const story = await startStory();
  const { relay, person, store } = story;
  const { id } = await makeStore(relay.env, relay.world, person.user.id, store);
  await replaceBindings(id, bindings);
  const device = await connect(relay, person, store, "laptop");
  await device.next("welcome");
  return { ...story, device };
}

/** Bytes nobody could guess. */
export function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65_536)));
  }
  return bytes;
}

/** A large object in pieces. */
export function chunksOf(
  large: ReturnType<typeof object>,
  size: number = LIMITS.chunkBytes,
): Chunk[] {
  const { type, hash, bytes } = large;
  const chunks: Chunk[] = [];
  for (let offset = 0; offset < bytes.length; offset += size) {
    const part = bytes.subarray(offset, offset + size);
    chunks.push({
      op: "chunk",
      id: 1_000 + chunks.length,
      type,
      hash,
      size: bytes.length,
      offset,
      len: part.length,
      bytes: part,
    });
  }
  return chunks;
}

/** Gets one object, whole or in parts. */
export async function getBytes(device: Device, key: Key): Promise<Uint8Array> {
  device.send({ op: "get", id: 77, objects: [key] });
  const done = await device.answer(77);
  if (done.op !== "done" || done.gone.length > 0) throw new Error(JSON.stringify(done));
  const bodies = device.inbox.flatMap((op) =>
    op.op === "part" ? [op.bytes] : op.op === "objects" ? objectsIn(op).map((o) => o.bytes) : [],
  );
  const bytes = new Uint8Array(bodies.reduce((sum, body) => sum + body.length, 0));
  let at = 0;
  for (const body of bodies) {
    bytes.set(body, at);
    at += body.length;
  }
  return bytes;
}
