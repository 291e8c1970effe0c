import assert from "node:assert/strict";
import { test } from "node:test";
import { instrumentRooms } from "./instrument.mjs";
import { Ledger } from "./ledger.mjs";
import { linesOf, resultOf } from "./report.mjs";
import { sampleOf } from "./sample.mjs";

const mutant = (id, more = {}) => ({
  ...{ id, file: "src/a.ts", line: 1, column: Number(id), mutator: "Boolean", replacement: "true" },
  ...more,
});
const job = (file = "a.test.ts") => ({ file, tried: new Set() });
const dry = { failure: undefined, reading: [] };
const reaching = (...ids) => Object.fromEntries(ids.map((id) => [id, 3]));
const sound = (id, outcome) => ({ mutant: id, outcome, sound: true, by: "a test" });
const unsound = (id) => ({ ...sound(id, "killed"), sound: false });
const statuses = (ledger) => [...ledger.mutants.values()].map(({ status }) => status);

test("a mutant is tried on the tests that reach it, the quickest first", () => {
  const tests = [
    { id: "slow", ms: 9, reached: reaching("1") },
    { id: "quick", ms: 1, reached: reaching("1") },
    { id: "elsewhere", ms: 0, reached: {} },
  ];
  const order = new Ledger([mutant("1")]).read("s", job(), { ...dry, tests });
  assert.deepEqual(order, {
    mutant: "1",
    tests: [
      { id: "quick", hits: 3 },
      { id: "slow", hits: 3 },
    ],
  });
});

test("a killed mutant is not tried again, a survivor is in the next file", () => {
  const ledger = new Ledger([mutant("1"), mutant("2")]);
  const tests = [{ id: "t", ms: 1, reached: reaching("1", "2") }];
  const first = job();
  assert.equal(ledger.read("s", first, { ...dry, tests }).mutant, "1");
  assert.equal(ledger.verdict("s", first, sound("1", "killed")).mutant, "2");
  assert.deepEqual(ledger.verdict("s", first, sound("2", "survived")), {});
  assert.equal(first.again, false);
  const next = job("b.test.ts");
  assert.equal(ledger.read("s", next, { ...dry, tests }).mutant, "2");
  assert.deepEqual(ledger.verdict("s", next, sound("2", "timeout")), {});
  assert.deepEqual(statuses(ledger), ["killed", "timeout"]);
});

test("a verdict that is not sound counts only when the mutant was the first of a fresh file", () => {
  const ledger = new Ledger([mutant("1"), mutant("2")]);
  const tests = [{ id: "t", ms: 1, reached: reaching("1", "2") }];
  const file = job();
  ledger.read("s", file, { ...dry, tests });
  ledger.verdict("s", file, sound("1", "survived"));
  assert.deepEqual(ledger.verdict("s", file, unsound("2")), {});
  assert.equal(file.again, true);
  assert.deepEqual(statuses(ledger), [undefined, undefined]);
  assert.equal(ledger.read("s", file, { ...dry, tests }).mutant, "2");
  ledger.verdict("s", file, unsound("2"));
  assert.deepEqual(statuses(ledger), [undefined, "killed"]);
});

test("a slot that fell silent kills what it was trying, and nothing without a mutant", () => {
  const ledger = new Ledger([mutant("1")]);
  const file = job();
  assert.throws(() => ledger.hung("s", file), /without any mutant/u);
  ledger.read("s", file, { ...dry, tests: [{ id: "t", ms: 1, reached: reaching("1") }] });
  ledger.hung("s", file);
  assert.deepEqual(statuses(ledger), ["timeout"]);
});

test("a test that fails without any mutant ends the run", () => {
  const read = () => new Ledger([]).read("s", job(), { ...dry, failure: "t: no", tests: [] });
  assert.throws(read, /fails without any mutant: a.test.ts: t: no/u);
});

test("the score counts what nobody reaches against us, and leaves out what only a fresh start could show", () => {
  const mutants = [
    mutant("1", { status: "killed" }),
    mutant("2", { status: "timeout" }),
    mutant("3", { reached: true }),
    mutant("4", { reached: false }),
    mutant("5", { reached: false, reading: true }),
  ];
  const { counts, alive, score } = resultOf(mutants);
  assert.deepEqual(counts, { killed: 1, timeout: 1, survived: 1, "no coverage": 1, static: 1 });
  assert.equal(score, 0.5);
  assert.deepEqual(linesOf(alive), [
    "src/a.ts:1:3  survived  Boolean  true",
    "src/a.ts:1:4  no coverage  Boolean  true",
  ]);
});

test("a sample is the same for the same seed, another for another, and everything for all", () => {
  const all = Array.from({ length: 200 }, (_, id) => mutant(String(id)));
  assert.deepEqual(sampleOf(all, 0.1, "a"), sampleOf(all.toReversed(), 0.1, "a"));
  assert.equal(sampleOf(all, 0.1, "a").length, 20);
  assert.notDeepEqual(sampleOf(all, 0.1, "a"), sampleOf(all, 0.1, "b"));
  assert.deepEqual(new Set(sampleOf(all, 1, "a")), new Set(all));
});

test("a sample stays the same when lines move, for mutants of lines that read the same too", () => {
  const all = Array.from({ length: 200 }, (_, id) =>
    mutant(String(id), { text: `line ${id % 50}` }),
  );
  const moved = all.map((one) => ({ ...one, line: one.line + 7 }));
  const ids = (sample) => sample.map(({ id }) => id);
  assert.deepEqual(ids(sampleOf(moved, 0.1, "a")), ids(sampleOf(all, 0.1, "a")));
});

test("a slot tries a mutant from the order to the verdict", () => {
  const ledger = new Ledger([mutant("1")]);
  const file = job();
  assert.equal(ledger.isTrying("s"), false);
  ledger.read("s", file, { ...dry, tests: [{ id: "t", ms: 1, reached: reaching("1") }] });
  assert.equal(ledger.isTrying("s"), true);
  ledger.verdict("s", file, sound("1", "killed"));
  assert.equal(ledger.isTrying("s"), false);
});

test("wording is left alone, statements and codes are not", async () => {
  const { mutants, sources } = await instrumentRooms();
  const literals = mutants.filter(({ mutator }) => mutator === "StringLiteral");
  const source = Object.entries(sources).find(([name]) => name.endsWith("auth/session-guard.ts"));
  assert.match(source?.[1] ?? "", /detail: "Log in again \(POST \/login\)\."/u);
  assert.match(source?.[1] ?? "", /"session_ended"\), \{\s+detail/u);
  assert.ok(literals.some(({ file }) => file === "src/sync/event-table.ts"));
  assert.ok(literals.some(({ file }) => file === "src/relay/store-hub.ts"));
});
