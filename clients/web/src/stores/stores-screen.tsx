import * as v from "valibot";
import { useState, type SubmitEvent } from "react";
import { login } from "../account/account.ts";
import { text } from "../account/login-screen.tsx";
import { expectAnswer } from "../account/request.ts";
import { forgetDrafts } from "../files/drafts.ts";
import { provideStore } from "../replica/provide-store.ts";
import { forgetStore, localStores, rememberStore } from "../replica/registry.ts";
import { Confirm } from "../ui/dialog.tsx";
import { Empty } from "../ui/empty.tsx";
import { formatBytes, formatTime, plural } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Failed, Loading, useLoaded } from "../ui/loaded.tsx";
import { goTo, hrefOf } from "../ui/route.ts";
import { announce, run } from "../ui/toast.tsx";
import { STORE_NAME } from "../replica/store-name.ts";
import { AdoptNotice } from "./adopt-notice.tsx";

const storesSchema = v.object({
  stores: v.array(
    v.object({ name: v.string(), created_at: v.number(), objects: v.number(), bytes: v.number() }),
  ),
});

interface Listed {
  readonly name: string;
  readonly isLocal: boolean;
  readonly remote?: {
    readonly created_at: number;
    readonly objects: number;
    readonly bytes: number;
  };
}

/** The user's stores, those of the relay and those with a copy here. */
export function StoresScreen({ userId }: { readonly userId: string }) {
  const [version, setVersion] = useState(0);
  const [removing, setRemoving] = useState<Listed | null>(null);
  const loaded = useLoaded(
    () => expectAnswer({ method: "GET", path: "/stores", schema: storesSchema }),
    `stores ${userId} ${version}`,
  );
  const remote = loaded.kind === "ready" ? loaded.value.stores : [];
  const stores = merge(localStores(userId), remote);
  const remove = async ({ name }: Listed) => {
    // The list may not have come when the user chose; then only the relay knows.
    if (loaded.kind !== "ready" || remote.some((one) => one.name === name))
      await removeFromRelay(name);
    await forgetStore(userId, name);
    forgetDrafts(userId, name);
    announce(`${name} was removed.`);
    setVersion(version + 1);
  };
  return (
    <>
      <div className="page-head">
        <h1>Stores</h1>
        <NewStore userId={userId} />
      </div>
      <AdoptNotice />
      {loaded.kind === "failed" && (
        <Failed
          message={`${loaded.message} These are the stores with a copy in this browser.`}
          onRetry={loaded.retry}
        />
      )}
      {stores.length === 0 && loaded.kind !== "loading" && (
        <Empty icon="store" title="No stores yet">
          A store holds files and all their versions. Name your first one above.
        </Empty>
      )}
      {stores.length === 0 && loaded.kind === "loading" && <Loading />}
      <ul className="cards">
        {stores.map((store) => (
          <li key={store.name} className="store-card">
            <a href={hrefOf({ page: "files", store: store.name })}>
              <Icon name="store" />
              <strong>{store.name}</strong>
              <span className="muted">{describe(store)}</span>
            </a>
            <button
              className="icon-btn"
              aria-label={`Remove ${store.name}`}
              onClick={() => {
                setRemoving(store);
              }}
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
      {removing !== null && (
        <Confirm
          title={`Remove ${removing.name}?`}
          action="Remove for good"
          onClose={() => {
            setRemoving(null);
          }}
          onConfirm={() => {
            run(() => remove(removing));
          }}
        >
          The store is removed from the relay and from this browser, with all its versions. Copies
          on your other devices stay there until they are removed too.
        </Confirm>
      )}
    </>
  );
}

/** Removes a store from the relay; one that it does not have is as good as removed. */
async function removeFromRelay(name: string): Promise<void> {
  const path = `/stores/${encodeURIComponent(name)}`;
  const answer = await login.request({ method: "DELETE", path });
  if (!answer.ok && answer.problem.code !== "no_store") throw new Error(answer.problem.message);
}

function NewStore({ userId }: { readonly userId: string }) {
  return (
    <form
      className="inline"
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        const store = text(new FormData(event.currentTarget), "name");
        run(async () => {
          await provideStore(store);
          rememberStore(userId, store);
          goTo({ page: "files", store });
        });
      }}
    >
      <label className="hidden" htmlFor="new-store">
        Name of a new store
      </label>
      <input
        id="new-store"
        name="name"
        placeholder="new-store"
        required
        pattern={STORE_NAME}
        title="Lower-case letters, digits, dot, dash and underscore, at most 64"
        autoCapitalize="none"
        spellCheck={false}
      />
      <button className="btn primary">
        <Icon name="plus" /> New store
      </button>
    </form>
  );
}

function merge(
  local: readonly string[],
  remote: v.InferOutput<typeof storesSchema>["stores"],
): Listed[] {
  const here = new Set(local);
  const known = new Map<string, Listed>();
  for (const name of local) known.set(name, { name, isLocal: true });
  for (const store of remote)
    known.set(store.name, { name: store.name, isLocal: here.has(store.name), remote: store });
  return [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe({ remote, isLocal }: Listed): string {
  if (remote === undefined) return "In this browser";
  const size = `${plural(remote.objects, "object")}, ${formatBytes(remote.bytes)}`;
  return `${size} · since ${formatTime(remote.created_at)}${isLocal ? " · copy here" : ""}`;
}
