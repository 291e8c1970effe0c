import { describe, expect, it } from "vitest";
import { Background } from "./background.ts";
import { ConnectionClosed } from "./requests.ts";

describe("work beside a connection", () => {
  it("is waited for, with what it began itself", async () => {
    const background = new Background(() => undefined);
    const done: string[] = [];
    background.run(async () => {
      await Promise.resolve();
      background.run(async () => {
        await Promise.resolve();
        done.push("second");
      });
      done.push("first");
    });
    await background.ended();
    expect(done).toEqual(["first", "second"]);
  });

  it("tells what failed, and nothing of a connection that has ended", async () => {
    const failures: unknown[] = [];
    const background = new Background((error) => failures.push(error));
    const fault = new Error("storage");
    background.run(() => Promise.reject(fault));
    background.run(() => Promise.reject(new ConnectionClosed(1006)));
    await background.ended();
    expect(failures).toEqual([fault]);
  });
});
