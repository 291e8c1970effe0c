import { useState } from "react";
import { account, login } from "../account/account.ts";
import { Logo } from "../account/login-screen.tsx";
import { forgetDrafts } from "../files/drafts.ts";
import { useUnsaved } from "../files/use-unsaved.ts";
import { answers } from "../merge/choices.ts";
import type { Replica } from "../replica/replica.ts";
import { Confirm } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { hrefOf } from "../ui/route.ts";
import { ThemeButton } from "../ui/theme.tsx";
import { run } from "../ui/toast.tsx";
import { useValue } from "../ui/value.ts";
import { StatusPill } from "./status-pill.tsx";

/** What is always in sight: where one is, how the sync stands, who one is. */
export function TopBar(props: { readonly replica: Replica | null; readonly store: string | null }) {
  const saved = useValue(account);
  return (
    <header className="top-bar">
      <a className="brand" href={hrefOf({ page: "stores" })} aria-label="GitBlobs, all stores">
        <Logo />
        <span className="brand-name">GitBlobs</span>
      </a>
      {props.store !== null && (
        <>
          <span className="crumb" aria-hidden="true">
            /
          </span>
          <a className="store-name" href={hrefOf({ page: "files", store: props.store })}>
            {props.store}
          </a>
        </>
      )}
      <span className="grow" />
      {props.replica !== null && <StatusPill replica={props.replica} />}
      <ThemeButton />
      {saved !== null && (
        <UserMenu name={saved.user.username} isAdmin={saved.user.role === "admin"} />
      )}
    </header>
  );
}

function UserMenu({ name, isAdmin }: { readonly name: string; readonly isAdmin: boolean }) {
  const summary = (
    <summary aria-label={`Account of ${name}`}>
      <span className="avatar" aria-hidden="true">
        {name.slice(0, 1).toUpperCase()}
      </span>
    </summary>
  );
  return (
    <Menu summary={summary}>
      <div className="menu-list">
        <div className="menu-title">{name}</div>
        <a href={hrefOf({ page: "stores" })}>
          <Icon name="store" /> Stores
        </a>
        <a href={hrefOf({ page: "sessions" })}>
          <Icon name="device" /> Sessions
        </a>
        {isAdmin && (
          <a href={hrefOf({ page: "admin" })}>
            <Icon name="chart" /> Administration
          </a>
        )}
        <LogOut />
      </div>
    </Menu>
  );
}

/** Logs out; asks before that when something is typed and not saved, which nobody who logs in next may see. */
function LogOut() {
  const typed = useUnsaved();
  const [isAsking, setAsking] = useState(false);
  const logOut = async () => {
    const userId = account.get()?.user.id;
    if (userId !== undefined) forgetDrafts(userId);
    answers.set([]);
    await login.logOut();
  };
  return (
    <>
      <button
        onClick={() => {
          if (typed.length > 0) setAsking(true);
          else run(logOut);
        }}
      >
        <Icon name="exit" /> Log out
      </button>
      {isAsking && (
        <Confirm
          title="Log out without saving?"
          action="Log out"
          onClose={() => {
            setAsking(false);
          }}
          onConfirm={() => {
            run(logOut);
          }}
        >
          What you typed in {typed.map(({ path }) => path).join(", ")} is not saved yet and would be
          lost.
        </Confirm>
      )}
    </>
  );
}
