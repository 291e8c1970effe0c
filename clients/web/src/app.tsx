import { lazy, Suspense, useEffect, useState } from "react";
import { account } from "./account/account.ts";
import { LoginScreen } from "./account/login-screen.tsx";
import { PasswordForm } from "./account/password-form.tsx";
import { SessionsScreen } from "./account/sessions-screen.tsx";
import { Replica } from "./replica/replica.ts";
import { StoreFrame } from "./stores/store-frame.tsx";
import { StoresScreen } from "./stores/stores-screen.tsx";
import { TopBar } from "./stores/top-bar.tsx";
import { route } from "./ui/route.ts";
import { messageOf, Toasts } from "./ui/toast.tsx";
import { useValue } from "./ui/value.ts";

const AdminScreen = lazy(() => import("./admin/admin-screen.tsx"));

/** The whole page. */
export function App() {
  const saved = useValue(account);
  return (
    <>
      {saved === null ? (
        <LoginScreen />
      ) : saved.user.password_must_change ? (
        <main className="login">
          <div className="card">
            <h1>Choose a password</h1>
            <p className="muted">The one you logged in with works only once.</p>
            <PasswordForm onDone={() => undefined} />
          </div>
        </main>
      ) : (
        <LoggedIn key={saved.user.id} userId={saved.user.id} username={saved.user.username} />
      )}
      <Toasts />
    </>
  );
}

function LoggedIn({ userId, username }: { readonly userId: string; readonly username: string }) {
  const place = useValue(route);
  const store = "store" in place ? place.store : null;
  const replica = useReplica(userId, username, store);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <TopBar replica={replica instanceof Replica ? replica : null} store={store} />
      <Suspense fallback={<p className="loading">Loading …</p>}>
        {place.page === "stores" && <StoresScreen userId={userId} />}
        {place.page === "sessions" && <SessionsScreen />}
        {place.page === "admin" && <AdminScreen />}
        {replica instanceof Replica && "store" in place && (
          <StoreFrame key={replica.store} replica={replica} place={place} />
        )}
        {typeof replica === "string" && (
          <main className="page">
            <p className="notice bad" role="alert">
              This browser cannot keep the store: {replica} Private windows and full disks are usual
              reasons.
            </p>
          </main>
        )}
      </Suspense>
    </>
  );
}

/** Opens a store's copy for as long as it is shown; a text says why that failed. */
function useReplica(
  userId: string,
  username: string,
  store: string | null,
): Replica | string | null {
  const [state, setState] = useState<Replica | string | null>(null);
  useEffect(() => {
    if (store === null) {
      setState(null);
      return undefined;
    }
    let isOver = false;
    let opened: Replica | undefined;
    Replica.open({ id: userId, username }, store).then(
      (replica) => {
        opened = replica;
        if (isOver) void replica.close();
        else setState(replica);
      },
      (error: unknown) => {
        if (!isOver) setState(messageOf(error));
      },
    );
    return () => {
      isOver = true;
      setState(null);
      void opened?.close();
    };
  }, [userId, username, store]);
  return state;
}
