import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { enter } from "../../cloudflare-local/runtime/workers/invocations.mjs";
import { composeRelay } from "../src/compose.ts";
import type { Env } from "../src/env.ts";
import type { RelayDoor } from "../src/auth/relay-door.ts";
import type { SocketOwner } from "../src/auth/socket-owner.ts";
import type { Route } from "../src/http/route.ts";
import { realWorld, type World } from "../src/world.ts";

/** The relay as one isolate runs it, with a clock the test moves and a log the test reads. */
export interface TestRelay {
  readonly env: Env;
  readonly world: World;
  readonly routes: readonly Route[];
  /** What the hubs were told to close. */
  readonly closed: readonly SocketOwner[];
  /** How often the hubs were told to close everything. */
  readonly closedEverything: () => number;
  /** Users whose data was erased. */
  readonly erased: readonly string[];
  /** Moves the clock forward. */
  advance(ms: number): void;
  now(): number;
  readonly log: Readonly<Record<string, unknown>>[];
  /** Hands every further line of the log over as it is written. */
  onLine(listener: (line: string) => void): void;
  /** Runs the cron handler. */
  scheduled(): Promise<void>;
  fetch(path: string, init?: RequestInit & { readonly base?: string }): Promise<Response>;
}

/** The clock stands still unless a test moves it, so that no test depends on how busy the machine is. */
const epoch = Date.now();

/** Each test relay has a network of its own, so that no test uses up the limits of another. */
let networks = 0;

/** Starts a relay on the test database; `overrides` replace bindings, `doors` what the hubs do. */
export function startRelay(
  overrides: Partial<Env> = {},
  doors: Partial<RelayDoor> = {},
): TestRelay {
  let skew = 0;
  networks += 1;
  const address = `10.${Math.floor(Math.random() * 256)}.${Math.floor(networks / 256)}.${networks % 256}`;
  const closed: SocketOwner[] = [];
  let listener: (line: string) => void = () => undefined;
  const erased: string[] = [];
  let closedEverything = 0;
  const door: RelayDoor = {
    closeSockets: (_, owner) => {
      closed.push(owner);
      return Promise.resolve();
    },
    closeEverySocket: () => {
      closedEverything += 1;
      return Promise.resolve(0);
    },
    eraseUserData: (_, userId) => {
      erased.push(userId);
      return Promise.resolve();
    },
    ...doors,
  };
  const log: Record<string, unknown>[] = [];
  const now = () => epoch + skew;
  const world: World = {
    now,
    random: (byteCount) => realWorld.random(byteCount),
    log: (line) => {
      log.push(parseLine(line));
      listener(line);
    },
  };
  const relay = composeRelay(world, door);
  // Each request is an invocation with its own number of queries, as in production.
  enter(relay);
  const bindings: Env = { ...env, ...overrides };
  return {
    env: bindings,
    world,
    routes: relay.routes,
    closed,
    closedEverything: () => closedEverything,
    erased,
    onLine: (listen) => {
      listener = listen;
    },
    now,
    log,
    advance: (ms) => {
      skew += ms;
    },
    scheduled: () => relay.scheduled(bindings),
    async fetch(path, init = {}) {
      const context = createExecutionContext();
      const request = new Request(`${init.base ?? "https://relay.test"}${path}`, init);
      if (!request.headers.has("cf-connecting-ip")) {
        request.headers.set("cf-connecting-ip", address);
      }
      const response = await relay.fetch(request, bindings, context);
      await waitOnExecutionContext(context);
      return response;
    },
  };
}

function parseLine(line: string): Record<string, unknown> {
  const value: unknown = JSON.parse(line);
  if (typeof value !== "object" || value === null) {
    throw new Error(`not a log object: ${line}`);
  }
  return { ...value };
}
