import { mayBeMended } from "./json.ts";
import { LIMITS } from "./limits.ts";

/** Layout of a binary frame (PROTOCOL.md 4): version, kind, flags, header length, header, bodies. */
const PREFIX_BYTES = 8;
const VERSION = 1;
const KIND = 1;

const FATAL_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const UTF8 = new TextEncoder();

/** A frame cut into its JSON header and, for a binary frame, the bytes behind it. */
export type Split =
  | { readonly ok: true; readonly header: string; readonly bodies?: Uint8Array }
  | { readonly ok: false; readonly message: string };

const refuse = (message: string) => ({ ok: false, message }) as const;

/** Cuts a frame; checks its size, prefix and UTF-8, nothing inside the header. */
export function splitFrame(frame: string | Uint8Array): Split {
  if (typeof frame === "string") {
    // Three bytes at most per UTF-16 unit: only a long frame has to be measured.
    const tooLong =
      frame.length > LIMITS.frameBytes ||
      (frame.length * 3 > LIMITS.frameBytes && UTF8.encode(frame).length > LIMITS.frameBytes);
    if (tooLong) return refuse("the frame is too large");
    return mayBeMended(frame)
      ? refuse("the text was not UTF-8, or holds U+FFFD that is not escaped")
      : { ok: true, header: frame };
  }
  if (frame.byteLength > LIMITS.frameBytes) return refuse("the frame is too large");
  if (frame.byteLength < PREFIX_BYTES) return refuse("the frame ends inside its prefix");
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint8(0) !== VERSION) return refuse("unknown frame version");
  if (view.getUint8(1) !== KIND) return refuse("unknown frame kind");
  if (view.getUint16(2) !== 0) return refuse("unknown frame flags");
  const end = PREFIX_BYTES + view.getUint32(4);
  if (end > frame.byteLength) return refuse("the frame ends inside its header");
  try {
    const header = FATAL_UTF8.decode(frame.subarray(PREFIX_BYTES, end));
    return { ok: true, header, bodies: frame.subarray(end) };
  } catch {
    return refuse("the header is not UTF-8");
  }
}

/** Puts a header and its bodies into one binary frame. */
export function joinFrame(header: string, bodies: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const head = UTF8.encode(header);
  const length = bodies.reduce(
    (sum, body) => sum + body.byteLength,
    PREFIX_BYTES + head.byteLength,
  );
  const frame = new Uint8Array(length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, KIND);
  view.setUint32(4, head.byteLength);
  frame.set(head, PREFIX_BYTES);
  let offset = PREFIX_BYTES + head.byteLength;
  for (const body of bodies) {
    frame.set(body, offset);
    offset += body.byteLength;
  }
  return frame;
}
