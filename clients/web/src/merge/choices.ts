import { sameEntry, type Conflict } from "@gitblobs/client/history";
import { createValue, type Value } from "../ui/value.ts";

/** What the user chose for a file in conflict. */
export type Choice =
  | { readonly kind: "ours" }
  | { readonly kind: "theirs" }
  | { readonly kind: "edited"; readonly text: string };

/** Whose copy it is, and of which store. */
export interface Place {
  readonly userId: string;
  readonly store: string;
}

/** A choice, and the very question it answers: another version of either side is another question. */
export interface Answer {
  readonly place: Place;
  readonly conflict: Conflict;
  readonly choice: Choice;
  /** What was typed last, also when something else is chosen now. */
  readonly typed: string | undefined;
}

/**
 * What was chosen and typed on this page. It lives outside the screen: a push of another device, a lost connection or a
 * look at another place must not take it away.
 */
export const answers: Value<readonly Answer[]> = createValue<readonly Answer[]>([]);

const isSamePlace = (a: Place, b: Place): boolean => a.userId === b.userId && a.store === b.store;

const isSameQuestion = (a: Conflict, b: Conflict): boolean =>
  a.path === b.path && sameEntry(a.ours, b.ours) && sameEntry(a.theirs, b.theirs);

const isFor = (place: Place, conflict: Conflict) => (answer: Answer) =>
  isSamePlace(answer.place, place) && isSameQuestion(answer.conflict, conflict);

/** What was chosen for this conflict, or undefined. */
export const choiceFor = (
  all: readonly Answer[],
  place: Place,
  conflict: Conflict,
): Choice | undefined => all.find(isFor(place, conflict))?.choice;

/** The text typed for this file last, for whichever versions of it; undefined when there is none. */
export const typedFor = (all: readonly Answer[], place: Place, path: string): string | undefined =>
  all.findLast(
    (answer) =>
      isSamePlace(answer.place, place) &&
      answer.conflict.path === path &&
      answer.typed !== undefined,
  )?.typed;

/** Chooses for one conflict. */
export function choose(place: Place, conflict: Conflict, choice: Choice): void {
  const isSame = isFor(place, conflict);
  const all = answers.get();
  const typed = choice.kind === "edited" ? choice.text : all.find(isSame)?.typed;
  answers.set([...all.filter((answer) => !isSame(answer)), { place, conflict, choice, typed }]);
}

/** Forgets all that was chosen for a store: nothing in it is undecided any more. */
export function forgetChoices(place: Place): void {
  const rest = answers.get().filter((answer) => !isSamePlace(answer.place, place));
  if (rest.length < answers.get().length) answers.set(rest);
}
