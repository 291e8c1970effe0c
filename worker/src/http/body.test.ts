import { describe, expect, it } from "vitest";
import { readBytes } from "./body.ts";

/** A request whose body begins and never ends, and whether it was let go of. */
function unfinished() {
  const fate = { isCancelled: false };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new Uint8Array(3));
    },
    cancel() {
      fate.isCancelled = true;
    },
  });
  return { request: new Request("https://relay.test/", { method: "POST", body }), fate };
}

describe("a body", () => {
  it("that does not arrive in time is given up", async () => {
    const { request, fate } = unfinished();
    await expect(readBytes(request, 10, 20)).rejects.toMatchObject({ code: "body_too_slow" });
    expect(fate.isCancelled).toBe(true);
  });

  it("that grows too large is given up at once", async () => {
    const { request, fate } = unfinished();
    await expect(readBytes(request, 2)).rejects.toMatchObject({ code: "body_too_large" });
    expect(fate.isCancelled).toBe(true);
  });

  it("is read whole, also where there is none", async () => {
    const request = new Request("https://relay.test/", { method: "POST", body: "abc" });
    expect(await readBytes(request, 3)).toEqual(new Uint8Array([97, 98, 99]));
    expect(await readBytes(new Request("https://relay.test/"), 3)).toEqual(new Uint8Array());
  });
});
