import * as v from "valibot";
import { useState } from "react";
import { forgetDrafts } from "../files/drafts.ts";
import { localStores, forgetStore } from "../replica/registry.ts";
import { Confirm, Dialog } from "../ui/dialog.tsx";
import { formatAgo, formatTime } from "../ui/format.ts";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { announce, announceFailure, run } from "../ui/toast.tsx";
import { account, login } from "./account.ts";
import { PasswordForm } from "./password-form.tsx";
import { expectAnswer } from "./request.ts";

const sessionsSchema = v.object({
  sessions: v.array(
    v.object({
      id: v.string(),
      device: v.string(),
      ip_prefix: v.string(),
      created_at: v.number(),
      last_seen_at: v.number(),
      current: v.boolean(),
    }),
  ),
});

/** The devices that are logged in, and the password. */
export function SessionsScreen() {
  const [version, setVersion] = useState(0);
  const [asks, setAsks] = useState<"everywhere" | "password" | "erase" | null>(null);
  const loaded = useLoaded(
    () => expectAnswer({ method: "GET", path: "/sessions", schema: sessionsSchema }),
    `sessions ${version}`,
  );
  const end = async (id: string) => {
    await expectAnswer({ method: "DELETE", path: `/sessions/${id}` });
    announce("The session was ended.");
    setVersion(version + 1);
  };
  const close = () => {
    setAsks(null);
  };
  return (
    <>
      <div className="page-head">
        <h1>Sessions</h1>
        <div className="actions">
          <button
            className="btn"
            onClick={() => {
              setAsks("password");
            }}
          >
            Change password
          </button>
          <button
            className="btn"
            onClick={() => {
              setAsks("erase");
            }}
          >
            Delete local copies
          </button>
          <button
            className="btn danger"
            onClick={() => {
              setAsks("everywhere");
            }}
          >
            Log out everywhere
          </button>
        </div>
      </div>
      <WhenLoaded loaded={loaded}>
        {({ sessions }) => (
          <ul className="rows">
            {sessions.map((session) => (
              <li key={session.id} className="row">
                <div className="grow">
                  <strong>{session.device}</strong>
                  {session.current && <span className="tag">this device</span>}
                  <div className="muted">
                    Active {formatAgo(session.last_seen_at)} from {session.ip_prefix} · logged in{" "}
                    {formatTime(session.created_at)}
                  </div>
                </div>
                {!session.current && (
                  <button
                    className="btn small"
                    aria-label={`End the session of ${session.device}`}
                    onClick={() => {
                      run(() => end(session.id));
                    }}
                  >
                    End
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </WhenLoaded>
      {asks === "everywhere" && (
        <Confirm
          title="Log out everywhere?"
          action="Log out everywhere"
          onClose={close}
          onConfirm={() => {
            run(logOutEverywhere);
          }}
        >
          All devices, this one too, have to log in again. Local copies stay on each device.
        </Confirm>
      )}
      {asks === "erase" && (
        <Confirm
          title="Delete the local copies?"
          action="Delete and log out"
          onClose={close}
          onConfirm={() => {
            run(eraseAndLogOut);
          }}
        >
          Your stores are removed from this browser and you are logged out. Changes that were not
          pushed yet are lost. What the relay and your other devices have stays.
        </Confirm>
      )}
      {asks === "password" && (
        <Dialog title="Change password" onClose={close}>
          <PasswordForm onDone={close} />
        </Dialog>
      )}
    </>
  );
}

async function logOutEverywhere(): Promise<void> {
  const answer = await login.logOut(true);
  if (!answer.ok) announceFailure(`Not logged out everywhere. ${answer.problem.message}`);
}

async function eraseAndLogOut(): Promise<void> {
  const user = account.get()?.user;
  await login.logOut();
  if (user !== undefined) {
    for (const store of localStores(user.id)) await forgetStore(user.id, store);
    forgetDrafts(user.id);
  }
  announce("The local copies were deleted.");
}
