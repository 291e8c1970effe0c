import type { Phase } from "@gitblobs/client";
import { useState } from "react";
import { forgetDrafts } from "../files/drafts.ts";
import { forgetStore, rememberStore } from "../replica/registry.ts";
import type { Replica } from "../replica/replica.ts";
import { Confirm } from "../ui/dialog.tsx";
import { keep, readKept } from "../ui/kept.ts";
import { goTo } from "../ui/route.ts";
import { announce, run } from "../ui/toast.tsx";
import { useValue } from "../ui/value.ts";

/** Whether the relay has no store for this copy: none of its name, or the one it belonged to was removed. */
export const isMissing = (phase: Phase): boolean =>
  phase.kind === "stopped" && (phase.code === "no_store" || phase.code === "store_removed");

/** Asks what becomes of a copy whose store the relay does not have. Nothing comes back unless the user says so. */
export function MissingNotice({ replica }: { readonly replica: Replica }) {
  const { phase } = useValue(replica.status);
  const key = `gitblobs/alone/${replica.place.userId}/${replica.store}`;
  const [isAlone, setAlone] = useState(() => readKept(key) !== null);
  const [isRemoving, setRemoving] = useState(false);
  if (phase.kind !== "stopped" || !isMissing(phase)) return null;
  const isRemoved = phase.code === "store_removed";
  const make = (
    <button
      className="btn small"
      onClick={() => {
        keep(key, null);
        setAlone(false);
        replica.makeStore();
      }}
    >
      {isRemoved ? "Make the store anew" : "Make the store"}
    </button>
  );
  if (isAlone) return <p className="notice">This copy is kept in this browser only. {make}</p>;
  return (
    <div className="notice bad" role="alert">
      <span className="grow">
        {isRemoved
          ? "This store was removed from the relay. The copy in this browser is as it was."
          : "The relay has no store of this name."}
      </span>{" "}
      {make}{" "}
      <button
        className="btn small"
        onClick={() => {
          keep(key, "1");
          rememberStore(replica.place.userId, replica.store);
          setAlone(true);
        }}
      >
        Keep it in this browser only
      </button>{" "}
      <button
        className="btn small"
        onClick={() => {
          setRemoving(true);
        }}
      >
        Remove it here
      </button>
      {isRemoving && (
        <Confirm
          title={`Remove ${replica.store} from this browser?`}
          action="Remove it here"
          onClose={() => {
            setRemoving(false);
          }}
          onConfirm={() => {
            run(() => removeHere(replica.place));
          }}
        >
          The copy in this browser goes, with all its versions, and what was never pushed. Copies on
          your other devices stay as they are.
        </Confirm>
      )}
    </div>
  );
}

/** The place is left first: a copy that is shown cannot go. */
async function removeHere({ userId, store }: Replica["place"]): Promise<void> {
  goTo({ page: "stores" });
  await forgetStore(userId, store);
  forgetDrafts(userId, store);
  announce(`${store} was removed from this browser.`);
}
