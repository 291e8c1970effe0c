import { makeEntry } from "@gitblobs/client/store";
import { beforeEach, describe, expect, it } from "vitest";
import { answers, choiceFor, choose, forgetChoices, typedFor } from "./choices.ts";

const entry = (blob: string) => makeEntry(blob, "");
const conflict = (ours: string, theirs: string) => ({
  path: "plan.txt",
  base: null,
  ours: entry(ours),
  theirs: entry(theirs),
});

const notes = { userId: "u1", store: "notes" };

describe("choices in a conflict", () => {
  beforeEach(() => {
    answers.set([]);
  });

  it("count for the versions they were made for, and for no other", () => {
    choose(notes, conflict("a", "b"), { kind: "theirs" });
    expect(choiceFor(answers.get(), notes, conflict("a", "b"))).toEqual({ kind: "theirs" });
    expect(choiceFor(answers.get(), notes, conflict("a", "c"))).toBeUndefined();
    const ofOther = { ...notes, userId: "u2" };
    expect(choiceFor(answers.get(), ofOther, conflict("a", "b"))).toBeUndefined();
  });

  it("keep what was typed when something else is chosen, or the other side changes again", () => {
    choose(notes, conflict("a", "b"), { kind: "edited", text: "both" });
    choose(notes, conflict("a", "b"), { kind: "ours" });
    choose(notes, conflict("a", "c"), { kind: "theirs" });
    expect(typedFor(answers.get(), notes, "plan.txt")).toBe("both");
    forgetChoices(notes);
    expect(typedFor(answers.get(), notes, "plan.txt")).toBeUndefined();
  });
});
