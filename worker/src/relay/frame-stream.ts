import { parseJson } from "@gitblobs/protocol";
import { concatBytes } from "../encoding.ts";

const prefixBytes = 8;

/** Cuts a body of binary frames, one after the other, into frames: the header tells the length of the bodies. */
export async function* frameStream(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  let left: Uint8Array = new Uint8Array();
  for await (const chunk of body) {
    left = concatBytes([left, chunk]);
    for (let length = frameLength(left); length !== undefined; length = frameLength(left)) {
      yield left.subarray(0, length);
      left = left.subarray(length);
    }
  }
}

/** Length of the frame at the start; undefined while not all of it is there. */
function frameLength(bytes: Uint8Array): number | undefined {
  if (bytes.byteLength < prefixBytes) return undefined;
  const header = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
  const end = prefixBytes + header;
  if (bytes.byteLength < end) return undefined;
  const parsed = parseJson(new TextDecoder().decode(bytes.subarray(prefixBytes, end)));
  const ops: readonly unknown[] = Array.isArray(parsed?.value) ? parsed.value : [];
  const length = end + ops.reduce<number>((sum, op) => sum + bodyLength(op), 0);
  return bytes.byteLength < length ? undefined : length;
}

function bodyLength(op: unknown): number {
  if (typeof op !== "object" || op === null) return 0;
  if ("len" in op) return Number(op.len);
  const items = "op" in op && op.op === "objects" && "items" in op ? op.items : [];
  return Array.isArray(items)
    ? items.reduce<number>(
        (sum, item: unknown) => sum + Number(Array.isArray(item) ? item[2] : 0),
        0,
      )
    : 0;
}
