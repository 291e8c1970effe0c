import { lazy } from "react";
import { FilesScreen } from "../files/files-screen.tsx";
import type { Replica } from "../replica/replica.ts";
import { pendingMerge } from "../merge/pending-merge.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { hrefOf, type Route } from "../ui/route.ts";
import { useValue } from "../ui/value.ts";

const FileScreen = lazy(() => import("../files/file-screen.tsx"));
const HistoryScreen = lazy(() => import("../history/history-screen.tsx"));
const CompareScreen = lazy(() => import("../history/compare-screen.tsx"));
const TransferScreen = lazy(() => import("../packs/transfer-screen.tsx"));
const ConflictsScreen = lazy(() => import("../merge/conflicts-screen.tsx"));

type StorePlace = Extract<Route, { readonly store: string }>;

/** The places of one store. */
export function StoreFrame(props: { readonly replica: Replica; readonly place: StorePlace }) {
  const { replica, place } = props;
  const { phase } = useValue(replica.status);
  const pending = useValue(pendingMerge);
  const hasConflicts =
    phase.kind === "conflict" || phase.kind === "unrelated" || pending?.store === replica.store;
  const { store } = replica;
  const tab = (
    page: "files" | "history" | "transfer" | "conflicts",
    icon: IconName,
    name: string,
  ) => (
    <a href={hrefOf({ page, store })} aria-current={isUnder(place.page, page) ? "page" : undefined}>
      <Icon name={icon} /> {name}
    </a>
  );
  return (
    <>
      <nav className="tabs" aria-label="Store">
        {tab("files", "file", "Files")}
        {tab("history", "history", "History")}
        {tab("transfer", "transfer", "Import and export")}
        {hasConflicts && tab("conflicts", "conflict", "Decide")}
      </nav>
      <main className="page" id="main" tabIndex={-1}>
        {hasConflicts && place.page !== "conflicts" && (
          <p className="notice bad">
            Your changes and another device&apos;s collide.{" "}
            <a href={hrefOf({ page: "conflicts", store })}>Decide what to keep</a>
          </p>
        )}
        {(phase.kind === "stopped" || phase.kind === "blocked") && (
          <p className="notice bad" role="alert">
            {phase.kind === "stopped" ? "Not in sync." : "Not pushed."} {phase.message}
          </p>
        )}
        {place.page === "files" && <FilesScreen replica={replica} />}
        {place.page === "file" && (
          <FileScreen key={place.path} replica={replica} path={place.path} />
        )}
        {place.page === "history" && <HistoryScreen replica={replica} />}
        {place.page === "compare" && (
          <CompareScreen replica={replica} from={place.from} to={place.to} />
        )}
        {place.page === "transfer" && <TransferScreen replica={replica} />}
        {place.page === "conflicts" && <ConflictsScreen replica={replica} />}
      </main>
    </>
  );
}

function isUnder(present: Route["page"], tab: Route["page"]): boolean {
  if (present === tab) return true;
  return tab === "files" ? present === "file" : tab === "history" && present === "compare";
}
