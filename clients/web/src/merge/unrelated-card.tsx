import { useState } from "react";
import type { Replica } from "../replica/replica.ts";
import { Confirm } from "../ui/dialog.tsx";
import { goTo } from "../ui/route.ts";

/** Two histories that have nothing in common, as every browser that began on its own has. */
export function UnrelatedCard({ replica }: { readonly replica: Replica }) {
  const [isAsking, setAsking] = useState(false);
  const choose = (policy: "merge" | "replace-local") => {
    replica.chooseUnrelated(policy);
    goTo({ page: "files", store: replica.store });
  };
  return (
    <section className="card">
      <h1>Two beginnings</h1>
      <p>
        The copy in this browser and the one on the relay began separately: they have no version in
        common.
      </p>
      <div className="actions">
        <button
          className="btn primary"
          onClick={() => {
            choose("merge");
          }}
        >
          Keep both, merged
        </button>
        <button
          className="btn danger"
          onClick={() => {
            setAsking(true);
          }}
        >
          Take the relay&apos;s, drop this one
        </button>
      </div>
      {isAsking && (
        <Confirm
          title="Drop this copy's history?"
          action="Drop it"
          onClose={() => {
            setAsking(false);
          }}
          onConfirm={() => {
            choose("replace-local");
          }}
        >
          Files that exist only in this browser&apos;s copy will no longer be shown.
        </Confirm>
      )}
    </section>
  );
}
