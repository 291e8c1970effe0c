import { account } from "../account/account.ts";
import { answers } from "../merge/choices.ts";
import { useValue } from "../ui/value.ts";
import { drafts, unsaved } from "./drafts.ts";

/** What the user typed and did not save, by store and path: drafts of files, and texts for conflicts. */
export function useUnsaved(): readonly { readonly store: string; readonly path: string }[] {
  const userId = useValue(account)?.user.id ?? "";
  const typed = useValue(answers).filter(
    ({ place, typed: text }) => place.userId === userId && text !== undefined,
  );
  return [
    ...unsaved(useValue(drafts), userId),
    ...typed.map(({ place, conflict }) => ({ store: place.store, path: conflict.path })),
  ];
}
