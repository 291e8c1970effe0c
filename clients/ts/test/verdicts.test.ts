import { describe, expect, it } from "vitest";
import type { Call, Verdict } from "@gitblobs/protocol";
import vectors from "../../../protocol/vectors/verdicts.json" with { type: "json" };
import { Login, memoryVault, type Surroundings } from "../src/sync/index.ts";
import { relayProblem } from "./memory-relay/problem.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { TestDevice } from "./test-device.ts";

/** An answer of the vectors: what a request gets, and the verdict on it at each call. */
interface Case {
  readonly name: string;
  readonly verdicts: Readonly<Record<Call, Verdict>>;
  /** Undefined where there is no answer. */
  readonly answer: () => Response | undefined;
}

type Row = Record<Call, string>;
const verdictsOf = ({ login, refresh, http, upgrade }: Row) =>
  ({ login, refresh, http, upgrade }) as Case["verdicts"];

const page = "<!doctype html><title>Sign in to the guest network</title>";
/** What stands in between may speak JSON as well, and name the relay's codes. */
const disguises: readonly (readonly [string, string, string])[] = [
  ["a page", "text/html", page],
  ["JSON", "application/json", '{"code":"session_ended","title":"no"}'],
  [
    "another's problem",
    "application/problem+json",
    '{"type":"about:blank","code":"session_ended"}',
  ],
  ["nothing", "", ""],
];
const bodiless = [204, 304];

const cases: readonly Case[] = [
  ...vectors.problems.map((row) => ({
    name: `${row.status} ${row.code}`,
    verdicts: verdictsOf(row),
    answer: () => relayProblem(row.status, row.code),
  })),
  ...vectors.unknown_problems.map((row) => ({
    name: `${row.status} with a code of a later version`,
    verdicts: verdictsOf(row),
    answer: () => relayProblem(row.status, "of_a_later_version"),
  })),
  ...vectors.strangers.statuses.flatMap((status) =>
    disguises.map(([what, type, body]) => ({
      name: `${status} with ${what} that is not the relay's`,
      verdicts: verdictsOf(vectors.strangers),
      answer: () =>
        new Response(bodiless.includes(status) ? null : body, {
          status,
          ...(type === "" ? {} : { headers: { "content-type": type } }),
        }),
    })),
  ),
  ...vectors.failures
    .filter(({ failure }) => failure !== "foreign_answer")
    .map((row) => ({
      name: `no answer: ${row.failure}`,
      verdicts: verdictsOf(row),
      answer: () => undefined,
    })),
];

/** A relay in whose place somebody answers at these paths, and a count of the requests there. */
function impostor(paths: readonly string[], one: Case) {
  const relay = new MemoryRelay();
  const asked: string[] = [];
  const state = { isOn: false };
  const fetch: Surroundings["fetch"] = (url, init) => {
    const { pathname } = new URL(url);
    if (!state.isOn || !paths.includes(pathname)) return relay.world().fetch(url, init);
    asked.push(pathname);
    const answer = one.answer();
    return answer === undefined
      ? Promise.reject(new TypeError("fetch failed"))
      : Promise.resolve(answer);
  };
  return { relay, asked, state, world: relay.world({ fetch }) };
}

async function loggedIn(paths: readonly string[], one: Case) {
  const parts = impostor(paths, one);
  const login = new Login("http://127.0.0.1", parts.world, memoryVault());
  await login.logIn("ada", "secret", "tab");
  parts.state.isOn = true;
  return { ...parts, login };
}

describe("who may end what", () => {
  it.each(cases)("at login: $name", async (one) => {
    const { login, asked } = await loggedIn(["/login"], one);
    const answer = await login.logIn("ada", "secret", "tab");
    expect(answer).toMatchObject({ ok: false, problem: { then: one.verdicts.login } });
    expect(asked).toHaveLength(1);
    expect(await login.saved()).not.toBeNull();
  });

  it.each(cases)("at refresh: $name", async (one) => {
    const { login, asked, relay } = await loggedIn(["/refresh"], one);
    relay.advance(60 * 60_000);
    const answer = await login.accessToken();
    const ends = one.verdicts.refresh === "ask";
    expect(answer).toMatchObject({ ok: false, problem: { then: one.verdicts.refresh } });
    expect((await login.saved())?.refreshToken).toBe(ends ? undefined : "refresh-1");
    expect(asked).toHaveLength(one.verdicts.refresh === "now" ? 5 : 1);
  });

  it.each(cases)("over HTTP: $name", async (one) => {
    const { login, asked } = await loggedIn(["/ws/ticket"], one);
    const answer = await login.credential();
    expect(answer).toMatchObject({ ok: false, problem: { then: one.verdicts.http } });
    const isRenewed = one.verdicts.http === "renew";
    expect(asked).toHaveLength(isRenewed ? 2 : 1);
    expect((await login.saved())?.accessToken).toBe(isRenewed ? "access-2" : "access-1");
  });

  const watched = ["/ws/ticket", "/refresh", "/sync/notes"];
  it.each(watched.flatMap((path) => cases.map((one) => ({ ...one, path }))))(
    "of a sync that is cut: $path answers $name",
    async ({ path, ...one }) => {
      const { relay, world, state, asked } = impostor([path], one);
      const a = await new TestDevice(world, "a").start();
      await a.phase("up-to-date");
      state.isOn = true;
      if (path === "/refresh") relay.advance(60 * 60_000);
      relay.refusesSockets = path === "/sync/notes";
      relay.cut();
      const call = path === "/refresh" ? "refresh" : "http";
      const verdict = one.verdicts[call];
      const goesOn = verdict === "wait" || verdict === "now";
      const last = await a.until(
        ({ phase }) => phase.kind === "stopped" || (phase.kind === "offline" && asked.length > 2),
      );
      expect(last.phase.kind).toBe(goesOn ? "offline" : "stopped");
      const isEnded = call === "refresh" && verdict === "ask";
      expect((await a.login.saved()) === null).toBe(isEnded);
      state.isOn = false;
      relay.refusesSockets = false;
      if (goesOn) await a.at(relay, await a.write("later", "in step"));
      await a.sync.stop();
    },
  );
});
