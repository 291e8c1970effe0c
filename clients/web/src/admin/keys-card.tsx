import { useState } from "react";
import type * as v from "valibot";
import { expectAnswer } from "../account/request.ts";
import { Confirm } from "../ui/dialog.tsx";
import { formatTime } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { announce, run } from "../ui/toast.tsx";
import { cleanupSchema, keysSchema, rotationSchema } from "./admin-api.ts";

/** The keys that sign logins, and the cleaning up of what expired. */
export function KeysCard(props: { readonly version: number; readonly onChanged: () => void }) {
  const loaded = useLoaded(
    () => expectAnswer({ method: "GET", path: "/admin/keys", schema: keysSchema }),
    `keys ${props.version}`,
  );
  const [asks, setAsks] = useState(false);
  const [found, setFound] = useState<v.InferOutput<typeof cleanupSchema> | null>(null);
  const rotate = async () => {
    const body = {};
    const { kid, sign_from } = await expectAnswer({
      method: "POST",
      path: "/admin/keys/rotate",
      body,
      schema: rotationSchema,
    });
    announce(`The key ${kid} signs from ${formatTime(sign_from)}.`);
    props.onChanged();
  };
  const clean = async (isDryRun: boolean) => {
    const body = { dry_run: isDryRun };
    setFound(
      await expectAnswer({ method: "POST", path: "/admin/cleanup", body, schema: cleanupSchema }),
    );
    if (!isDryRun) props.onChanged();
  };
  return (
    <div className="two-cards">
      <section className="card">
        <h2>Signing keys</h2>
        <WhenLoaded loaded={loaded}>
          {({ keys, state }) => (
            <>
              {state !== "ok" && <p className="notice bad">State: {state.replaceAll("_", " ")}</p>}
              <ul className="rows compact">
                {keys.map((key) => (
                  <li key={key.kid} className="row">
                    <Icon name="key" />
                    <code className="grow">{key.kid}</code>
                    <span className="tag">{key.use}</span>
                    <span className="muted">from {formatTime(key.sign_from)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </WhenLoaded>
        <button
          className="btn"
          onClick={() => {
            setAsks(true);
          }}
        >
          Rotate
        </button>
      </section>
      <section className="card">
        <h2>Cleanup</h2>
        <p className="muted">
          Removes what expired. Expired data is never shown; this only frees its space.
        </p>
        <div className="actions">
          <button
            className="btn"
            onClick={() => {
              run(() => clean(true));
            }}
          >
            Count
          </button>
          <button
            className="btn"
            onClick={() => {
              run(() => clean(false));
            }}
          >
            Clean up now
          </button>
        </div>
        {found?.more === true && (
          <p className="notice">There is more than one cleanup removes. Clean up once more.</p>
        )}
        {found !== null && (
          <dl className="figures">
            {Object.entries(found.expired).map(([table, rows]) => (
              <div key={table}>
                <dt>{table.replaceAll("_", " ")}</dt>
                <dd>
                  {rows} {found.dry_run ? "expired" : "removed"}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </section>
      {asks && (
        <Confirm
          title="Rotate the signing key?"
          action="Rotate"
          onClose={() => {
            setAsks(false);
          }}
          onConfirm={() => {
            run(rotate);
          }}
        >
          A new key signs from a minute on; nobody is logged out and no connection is dropped.
        </Confirm>
      )}
    </div>
  );
}
