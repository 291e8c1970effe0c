import { LIMITS, encodeText, toJson, utf8Length, type ServerOp } from "@gitblobs/protocol";

/**
 * Writes operations without bodies as text frames, in order and in as few as the limits allow. Each operation alone
 * has to fit a frame.
 */
export function textFrames(ops: readonly ServerOp[]): readonly string[] {
  if (ops.length === 0) return [];
  if (ops.length <= LIMITS.opsPerFrame) {
    const whole = encodeText(ops);
    // Three bytes at most per UTF-16 unit: mostly nothing has to be measured.
    if (whole.length * 3 <= LIMITS.frameBytes || utf8Length(whole) <= LIMITS.frameBytes) {
      return [whole];
    }
  }
  return cutFrames(ops.map((op) => toJson(op)));
}

function cutFrames(texts: readonly string[]): string[] {
  const frames: string[] = [];
  let from = 0;
  let bytes = 1;
  for (const [at, text] of texts.entries()) {
    // With its comma, or the bracket at the end.
    const size = utf8Length(text) + 1;
    if (at > from && (at - from === LIMITS.opsPerFrame || bytes + size > LIMITS.frameBytes)) {
      frames.push(`[${texts.slice(from, at).join(",")}]`);
      from = at;
      bytes = 1;
    }
    bytes += size;
  }
  frames.push(`[${texts.slice(from).join(",")}]`);
  return frames;
}
