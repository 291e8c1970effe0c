import { useState, type SubmitEvent } from "react";
import type * as v from "valibot";
import { account } from "../account/account.ts";
import { text } from "../account/login-screen.tsx";
import { expectAnswer } from "../account/request.ts";
import { Confirm, Dialog } from "../ui/dialog.tsx";
import { formatTime } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { announce, run } from "../ui/toast.tsx";
import { oneTimePasswordSchema, usersSchema, type AdminUser } from "./admin-api.ts";

interface OneTimePassword {
  readonly username: string;
  readonly password: string;
}

/** The relay's users. */
export function UsersCard(props: { readonly version: number; readonly onChanged: () => void }) {
  const [password, setPassword] = useState<OneTimePassword | null>(null);
  const [removing, setRemoving] = useState<AdminUser | null>(null);
  const [pages, setPages] = useState(1);
  const loaded = useLoaded(() => readUsers(pages), `users ${props.version} ${pages}`);
  const act = (work: () => Promise<void>) => {
    run(async () => {
      await work();
      props.onChanged();
    });
  };
  const add = async (username: string, role: string) => {
    const body = { username, role };
    const made = await expectAnswer({
      method: "POST",
      path: "/admin/users",
      body,
      schema: oneTimePasswordSchema,
    });
    setPassword({ username: made.user.username, password: made.one_time_password });
  };
  const reset = async (user: AdminUser) => {
    const path = `/admin/users/${user.id}/reset-password`;
    const made = await expectAnswer({
      method: "POST",
      path,
      body: {},
      schema: oneTimePasswordSchema,
    });
    setPassword({ username: made.user.username, password: made.one_time_password });
  };
  return (
    <section className="card">
      <h2>Users</h2>
      <form
        className="inline"
        onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          event.currentTarget.reset();
          act(() => add(text(form, "username"), text(form, "role")));
        }}
      >
        <label className="hidden" htmlFor="new-user">
          Name of a new user
        </label>
        <input
          id="new-user"
          name="username"
          placeholder="new-user"
          required
          pattern={"[a-z0-9][a-z0-9._\\-]{0,63}"}
          autoCapitalize="none"
          spellCheck={false}
        />
        <label className="hidden" htmlFor="new-role">
          Role
        </label>
        <select id="new-role" name="role">
          <option value="user">user</option>
          <option value="admin">admin</option>
        </select>
        <button className="btn primary">
          <Icon name="plus" /> Add
        </button>
      </form>
      <WhenLoaded loaded={loaded}>
        {({ users, next }) => (
          <>
            <ul className="rows">
              {users.map((user) => (
                <UserRow
                  key={user.id}
                  user={user}
                  act={act}
                  onReset={reset}
                  onRemove={setRemoving}
                />
              ))}
            </ul>
            {next !== undefined && (
              <button
                className="btn"
                onClick={() => {
                  setPages(pages + 1);
                }}
              >
                Show more
              </button>
            )}
          </>
        )}
      </WhenLoaded>
      {password !== null && (
        <Dialog
          title={`One-time password of ${password.username}`}
          onClose={() => {
            setPassword(null);
          }}
        >
          <p>It is shown only now, and has to be changed at the first login.</p>
          <code className="secret">{password.password}</code>
          <div className="actions">
            <button
              className="btn"
              onClick={() => {
                run(() => navigator.clipboard.writeText(password.password));
              }}
            >
              <Icon name="copy" /> Copy
            </button>
            <button
              className="btn primary"
              onClick={() => {
                setPassword(null);
              }}
            >
              Done
            </button>
          </div>
        </Dialog>
      )}
      {removing !== null && (
        <Confirm
          title={`Remove ${removing.username}?`}
          action="Remove user and data"
          onClose={() => {
            setRemoving(null);
          }}
          onConfirm={() => {
            act(async () => {
              await expectAnswer({ method: "DELETE", path: `/admin/users/${removing.id}` });
              announce(`${removing.username} was removed.`);
            });
          }}
        >
          The account and all its stores are removed from the relay. Copies on the user&apos;s own
          devices stay.
        </Confirm>
      )}
    </section>
  );
}

/** The first pages of the relay's users, by name. */
async function readUsers(pages: number): Promise<v.InferOutput<typeof usersSchema>> {
  const users: AdminUser[] = [];
  let next: string | undefined;
  for (let page = 0; page < pages; page++) {
    const after = next === undefined ? "" : `&after=${encodeURIComponent(next)}`;
    const path = `/admin/users?limit=200${after}`;
    const answer = await expectAnswer({ method: "GET", path, schema: usersSchema });
    users.push(...answer.users);
    ({ next } = answer);
    if (next === undefined) break;
  }
  return { users, ...(next === undefined ? {} : { next }) };
}

function UserRow(props: {
  readonly user: AdminUser;
  readonly act: (work: () => Promise<void>) => void;
  readonly onReset: (user: AdminUser) => Promise<void>;
  readonly onRemove: (user: AdminUser) => void;
}) {
  const { user, act } = props;
  const isSelf = account.get()?.user.id === user.id;
  const toggle = user.disabled ? "enable" : "disable";
  return (
    <li className="row">
      <div className="grow">
        <strong>{user.username}</strong>
        {user.role === "admin" && <span className="tag">admin</span>}
        {user.disabled && <span className="tag bad">disabled</span>}
        {user.password_must_change && <span className="tag">one-time password</span>}
        <div className="muted">since {formatTime(user.created_at)}</div>
      </div>
      {!isSelf && (
        <div className="actions">
          <button
            className="btn small"
            onClick={() => {
              act(() => props.onReset(user));
            }}
          >
            Reset password
          </button>
          <button
            className="btn small"
            onClick={() => {
              act(() =>
                expectAnswer({
                  method: "POST",
                  path: `/admin/users/${user.id}/${toggle}`,
                  body: {},
                }),
              );
            }}
          >
            {user.disabled ? "Enable" : "Disable"}
          </button>
          <button
            className="btn small"
            onClick={() => {
              const path = `/admin/users/${user.id}/sessions`;
              act(() => expectAnswer({ method: "DELETE", path }));
            }}
          >
            Log out
          </button>
          <button
            className="icon-btn"
            aria-label={`Remove ${user.username}`}
            onClick={() => {
              props.onRemove(user);
            }}
          >
            <Icon name="trash" />
          </button>
        </div>
      )}
    </li>
  );
}
