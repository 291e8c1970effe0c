import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { decodeServerFrame } from "@gitblobs/protocol";
import type { Inbox } from "../../../protocol/ts/test/contract/inbox.ts";
import {
  runScenario,
  type ContractRelay,
  type WorldEvent,
} from "../../../protocol/ts/test/contract/run.ts";
import type { Scenario } from "../../../protocol/ts/test/contract/scenario.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { nameOf } from "./memory-relay/answers.ts";
import { FOREIGN_TOKEN } from "./memory-relay/http.ts";

const file = new URL("../../../protocol/vectors/relay-contract.json", import.meta.url);
const { scenarios } = JSON.parse(readFileSync(file, "utf8")) as {
  readonly scenarios: readonly Scenario[];
};
let played = 0;

/** The relay that the client's tests use. */
function contractRelay(): ContractRelay {
  const relay = new MemoryRelay();
  return {
    tokens: { fresh: relay.office.next(), bad: "no.such.token", foreign: FOREIGN_TOKEN },
    open: (inbox, id) => open(relay, inbox, id),
    refusal: (id) => Promise.resolve(relay.registry.refusal(address(id))?.[1]),
    make: () => Promise.resolve(relay.make()),
    world: (event) => Promise.resolve(happen(relay, event)).then(() => undefined),
  };
}

const address = (id?: number) => new URL(`ws://relay/ws?${id === undefined ? "" : `id=${id}`}`);

async function open(relay: MemoryRelay, inbox: Inbox, id?: number) {
  const socket = relay.world().openSocket(address(id).href, ["gbr.v1"], {});
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }) => {
    const decoded = decodeServerFrame(
      data instanceof ArrayBuffer ? new Uint8Array(data) : String(data),
    );
    if (!decoded.ok) throw new Error(`${inbox.owner} got ${decoded.error.message}`);
    inbox.receive(...decoded.ops);
  });
  socket.addEventListener("close", ({ code }) => {
    inbox.end(code);
  });
  await new Promise<void>((resolve) => {
    socket.addEventListener("open", () => {
      resolve();
    });
  });
  return socket;
}

function happen(relay: MemoryRelay, event: WorldEvent): unknown {
  switch (event.event) {
    case "expire-objects":
      return event.objects.map(({ key }) => relay.objects.delete(nameOf(key)));
    case "expire-events":
      relay.expireEvents(event.upto);
      return;
    case "restore":
      relay.restore(event.to);
      return;
    case "remove-store":
      relay.remove();
      return;
    case "auth-soon":
      relay.sayAuthSoon();
      return;
    case "hold-page":
      relay.gate.hold(event.before);
      return;
    case "page-is-held":
      return relay.gate.reached;
    case "release-page":
      relay.gate.release();
      return;
    case "database-fails":
      relay.failing[event.at] += 1;
  }
}

describe("the relay in memory", () => {
  it.each(scenarios)("$name", async (scenario) => {
    await runScenario(contractRelay(), scenario);
    played += 1;
  });

  afterAll(() => {
    expect(played).toBe(scenarios.length);
  });
});
