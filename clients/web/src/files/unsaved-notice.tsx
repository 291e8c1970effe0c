import { account } from "../account/account.ts";
import { shownName } from "../ui/format.ts";
import { hrefOf } from "../ui/route.ts";
import { useValue } from "../ui/value.ts";
import { drafts, unsaved } from "./drafts.ts";

/** Leads back to what was typed in this store and not saved yet. */
export function UnsavedNotice({ store }: { readonly store: string }) {
  const userId = useValue(account)?.user.id ?? "";
  const own = unsaved(useValue(drafts), userId).filter((draft) => draft.store === store);
  if (own.length === 0) return null;
  return (
    <div className="notice">
      Not saved yet:{" "}
      {own.map(({ path }) => (
        <a
          key={path}
          className="path unsaved"
          dir="auto"
          href={hrefOf({ page: "file", store, path })}
        >
          {shownName(path)}
        </a>
      ))}
    </div>
  );
}
