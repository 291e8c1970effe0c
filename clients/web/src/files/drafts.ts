import { createValue, type Value } from "../ui/value.ts";

/** What a user is writing into a file, not saved yet. */
export interface Draft {
  readonly userId: string;
  readonly store: string;
  readonly path: string;
  readonly text: string;
  readonly original: string;
  /** The blob the draft began from. */
  readonly base: string;
  /** It was not typed in this tab since it was opened: it was kept from before, or came from another tab. */
  readonly restored?: boolean;
}

/**
 * All drafts of this page. They live outside the screens, so that nothing that takes a screen away takes what was typed
 * with it: another place, a file that another device deleted, a session that ended.
 */
export const drafts: Value<readonly Draft[]> = createValue<readonly Draft[]>([]);

/** Whose draft it is, and of what. */
export type DraftPlace = Pick<Draft, "userId" | "store" | "path">;

const isAt = (place: DraftPlace) => (draft: Draft) =>
  draft.userId === place.userId && draft.store === place.store && draft.path === place.path;

/** The draft of a file, or undefined. */
export const draftAt = (all: readonly Draft[], place: DraftPlace): Draft | undefined =>
  all.find(isAt(place));

/** Keeps a draft, in place of the one of the same file. */
export function keepDraft(draft: Draft): void {
  const isSame = isAt(draft);
  drafts.set([...drafts.get().filter((other) => !isSame(other)), draft]);
}

/** Lets go of a draft: it was saved, or the user wants it no more. */
export function dropDraft(place: DraftPlace): void {
  const isSame = isAt(place);
  drafts.set(drafts.get().filter((other) => !isSame(other)));
}

/** Drafts that hold something which is saved nowhere else. */
export const unsaved = (all: readonly Draft[], userId: string): readonly Draft[] =>
  all.filter((draft) => draft.userId === userId && draft.text !== draft.original);

/** Lets go of all drafts of a user, or of those in one store. */
export function forgetDrafts(userId: string, store?: string): void {
  const isOwn = (draft: Draft) =>
    draft.userId === userId && (store === undefined || draft.store === store);
  drafts.set(drafts.get().filter((draft) => !isOwn(draft)));
}
