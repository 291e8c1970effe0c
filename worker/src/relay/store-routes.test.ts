import { expect, it } from "vitest";
import { startStory } from "../../test/device.ts";
import { ask } from "../../test/people.ts";

it("a store is removed once, and what is not there is not", async () => {
  const { relay, person, store } = await startStory();
  const remove = () => ask(relay, "DELETE", `/stores/${store}`, { token: person.access });
  expect((await remove()).status).toBe(204);
  expect((await remove()).body).toMatchObject({ status: 404, code: "no_store" });
});
