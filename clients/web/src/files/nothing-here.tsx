import type { Replica } from "../replica/replica.ts";
import { isMissing } from "../stores/missing-notice.tsx";
import { Empty } from "../ui/empty.tsx";
import { plural } from "../ui/format.ts";
import { useValue } from "../ui/value.ts";

/** Says why there are no files: because there are none, or because they have not come yet. */
export function NothingHere({ replica }: { readonly replica: Replica }) {
  const head = useValue(replica.head);
  const { phase, remoteHead, behind, progress } = useValue(replica.status);
  if (head !== null)
    return (
      <Empty icon="file" title="No files here">
        {HOW_TO_ADD}
      </Empty>
    );
  if (isMissing(phase))
    return (
      <Empty icon="store" title="There is no such store">
        Nothing was made by coming here. A file you add is kept in this browser.
      </Empty>
    );
  if (remoteHead === null)
    return (
      <Empty icon="file" title="This store is empty">
        {HOW_TO_ADD}
      </Empty>
    );
  switch (phase.kind) {
    case "connecting":
    case "syncing":
    case "up-to-date":
      return (
        <Empty
          icon="transfer"
          title={behind > 0 ? `Getting ${plural(behind, "change")} …` : "Getting the files …"}
        >
          {progress === undefined
            ? "They show as soon as all of them are here."
            : `${plural(progress.done, "object")} have come so far.`}
        </Empty>
      );
    case "waiting":
      return (
        <Empty icon="transfer" title="Waiting for another device">
          The relay no longer has all the files. A device that has them was asked.
        </Empty>
      );
    case "offline":
    case "blocked":
    case "conflict":
    case "unrelated":
    case "stopped":
      return (
        <Empty icon="transfer" title="Nothing has come yet">
          This browser has no copy of the store so far. The files come when the relay can be
          reached.
        </Empty>
      );
  }
}

const HOW_TO_ADD = "Drop files onto this page, upload them, or write a new one.";
