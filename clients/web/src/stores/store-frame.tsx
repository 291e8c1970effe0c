import { lazy, useEffect, type ReactNode } from "react";
import { FilesScreen } from "../files/files-screen.tsx";
import { forgetChoices } from "../merge/choices.ts";
import { useUndecided } from "../merge/undecided.ts";
import type { Replica } from "../replica/replica.ts";
import type { OpenedReplica } from "../replica/use-replica.ts";
import { isMissing, MissingNotice } from "./missing-notice.tsx";
import { Empty } from "../ui/empty.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { Failed, Loading } from "../ui/loaded.tsx";
import { hrefOf, type Route } from "../ui/route.ts";
import { useValue } from "../ui/value.ts";

const FileScreen = lazy(() => import("../files/file-screen.tsx"));
const HistoryScreen = lazy(() => import("../history/history-screen.tsx"));
const VersionsScreen = lazy(() => import("../history/versions-screen.tsx"));
const DeletedScreen = lazy(() => import("../history/deleted-screen.tsx"));
const CompareScreen = lazy(() => import("../history/compare-screen.tsx"));
const TransferScreen = lazy(() => import("../packs/transfer-screen.tsx"));
const ConflictsScreen = lazy(() => import("../merge/conflicts-screen.tsx"));

type StorePlace = Extract<Route, { readonly store: string }>;

/** The ways to the places of one store; there before the store is, so that nothing jumps. */
export function StoreTabs(props: { readonly replica: Replica | null; readonly place: StorePlace }) {
  const { replica, place } = props;
  return (
    <nav className="tabs" aria-label="Store">
      <Tab place={place} page="files" icon="file" name="Files" />
      <Tab place={place} page="history" icon="history" name="History" />
      <Tab place={place} page="transfer" icon="transfer" name="Import and export" />
      {replica !== null && <DecideTab replica={replica} place={place} />}
    </nav>
  );
}

function DecideTab(props: { readonly replica: Replica; readonly place: StorePlace }) {
  if (useUndecided(props.replica).kind === "none") return null;
  return <Tab place={props.place} page="conflicts" icon="conflict" name="Decide" />;
}

function Tab(props: {
  readonly place: StorePlace;
  readonly page: "files" | "history" | "transfer" | "conflicts";
  readonly icon: IconName;
  readonly name: string;
}) {
  const { place, page, icon, name } = props;
  const isHere = isUnder(place.page, page) ? "page" : undefined;
  return (
    <a href={hrefOf({ page, store: place.store })} aria-current={isHere}>
      <Icon name={icon} /> {name}
    </a>
  );
}

function isUnder(present: Route["page"], tab: Route["page"]): boolean {
  if (present === tab) return true;
  if (tab === "files") return present === "file" || present === "versions";
  return tab === "history" && (present === "compare" || present === "deleted");
}

/** Shows a store once its copy is open, or why it cannot be. */
export function Opened(props: {
  readonly opened: OpenedReplica;
  readonly children: (replica: Replica) => ReactNode;
}) {
  const { opened } = props;
  switch (opened.kind) {
    case "open":
      return props.children(opened.replica);
    case "failed":
      return (
        <Failed
          message={`This browser cannot keep the store: ${opened.message} Private windows and full disks are usual reasons.`}
          onRetry={opened.retry}
        />
      );
    case "impossible":
      return (
        <Empty icon="store" title="There is no such store">
          A store&apos;s name has lower-case letters, digits, dot, dash and underscore.{" "}
          <a href={hrefOf({ page: "stores" })}>All stores</a>
        </Empty>
      );
    case "opening":
    case "none":
      return <Loading />;
  }
}

/** The places of one store. */
export function StorePlaces(props: { readonly replica: Replica; readonly place: StorePlace }) {
  const { replica, place } = props;
  return (
    <>
      <Notices replica={replica} place={place} />
      {place.page === "files" && <FilesScreen replica={replica} />}
      {place.page === "file" && <FileScreen key={place.path} replica={replica} path={place.path} />}
      {place.page === "versions" && (
        <VersionsScreen key={place.path} replica={replica} path={place.path} />
      )}
      {place.page === "deleted" && <DeletedScreen replica={replica} />}
      {place.page === "history" && <HistoryScreen replica={replica} />}
      {place.page === "compare" && (
        <CompareScreen replica={replica} from={place.from} to={place.to} />
      )}
      {place.page === "transfer" && <TransferScreen replica={replica} />}
      {place.page === "conflicts" && <ConflictsScreen replica={replica} />}
    </>
  );
}

/** What stands in the way of the sync, on every place of the store. */
function Notices(props: { readonly replica: Replica; readonly place: StorePlace }) {
  const { replica, place } = props;
  const { place: own, store } = replica;
  const { phase } = useValue(replica.status);
  const isUndecided = useUndecided(replica).kind !== "none";
  const isSettled = phase.kind === "up-to-date" && !isUndecided;
  useEffect(() => {
    if (isSettled) forgetChoices(own);
  }, [isSettled, own]);
  return (
    <>
      {isUndecided && place.page !== "conflicts" && (
        <p className="notice bad">
          Your changes and another device&apos;s collide.{" "}
          <a href={hrefOf({ page: "conflicts", store })}>Decide what to keep</a>
        </p>
      )}
      <MissingNotice replica={replica} />
      {(phase.kind === "stopped" || phase.kind === "blocked") && !isMissing(phase) && (
        <p className="notice bad" role="alert">
          {phase.kind === "stopped" ? "Not in sync." : "Not pushed."} {phase.message}
        </p>
      )}
    </>
  );
}
