import { expect, it } from "vitest";
import { realWorld } from "../world.ts";
import { makeOneTimePassword, oneTimePasswordMs } from "./one-time-password.ts";

it("a one-time password is 144 random bits in four groups of six, for a day", () => {
  const [one, two] = [makeOneTimePassword(realWorld), makeOneTimePassword(realWorld)];
  expect(one).toMatch(/^[\w-]{6}(\.[\w-]{6}){3}$/u);
  expect(one).not.toBe(two);
  expect(oneTimePasswordMs).toBe(86_400_000);
});
