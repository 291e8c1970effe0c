import { afterAll, describe, expect, it } from "vitest";
import { runScenario } from "../../protocol/ts/test/contract/run.ts";
import type { Scenario } from "../../protocol/ts/test/contract/scenario.ts";
import contract from "../../protocol/vectors/relay-contract.json";
import { startContractHub } from "./contract-hub.ts";

const scenarios = contract.scenarios as readonly Scenario[];
let played = 0;

describe("the relay in workerd", () => {
  it.each(scenarios)("$name", async (scenario) => {
    await runScenario(await startContractHub(), scenario);
    played += 1;
  });

  afterAll(() => {
    expect(played).toBe(scenarios.length);
  });
});
