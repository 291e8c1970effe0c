import { lazy, Suspense, useEffect } from "react";
import { account } from "./account/account.ts";
import { LoginScreen } from "./account/login-screen.tsx";
import { PasswordForm } from "./account/password-form.tsx";
import { SessionsScreen } from "./account/sessions-screen.tsx";
import { useUnsaved } from "./files/use-unsaved.ts";
import { Opened, StorePlaces, StoreTabs } from "./stores/store-frame.tsx";
import { StoresScreen } from "./stores/stores-screen.tsx";
import { TopBar } from "./stores/top-bar.tsx";
import { useReplica } from "./replica/use-replica.ts";
import { Loading } from "./ui/loaded.tsx";
import { MAIN, Skip, useArrival } from "./ui/main.tsx";
import { Rescue } from "./ui/rescue.tsx";
import { hrefOf, route, titleOfPlace } from "./ui/route.ts";
import { Toasts } from "./ui/toast.tsx";
import { useValue } from "./ui/value.ts";
import { WorkBar } from "./ui/work.tsx";

const AdminScreen = lazy(() => import("./admin/admin-screen.tsx"));

/** The whole page. */
export function App() {
  const saved = useValue(account);
  return (
    <Rescue place={saved?.user.id ?? ""}>
      {saved === null ? (
        <LoginScreen />
      ) : saved.user.password_must_change ? (
        <ChoosePassword />
      ) : (
        <LoggedIn key={saved.user.id} userId={saved.user.id} username={saved.user.username} />
      )}
      <Toasts />
      <AskBeforeClosing />
    </Rescue>
  );
}

function ChoosePassword() {
  useArrival("Choose a password · GitBlobs");
  return (
    <main className="login" {...MAIN}>
      <div className="card">
        <h1>Choose a password</h1>
        <p className="muted">The one you logged in with works only once.</p>
        <PasswordForm onDone={() => undefined} />
      </div>
    </main>
  );
}

function LoggedIn({ userId, username }: { readonly userId: string; readonly username: string }) {
  const place = useValue(route);
  const store = "store" in place ? place.store : null;
  const opened = useReplica({ id: userId, username }, store);
  const replica = opened.kind === "open" ? opened.replica : null;
  useArrival(titleOfPlace(place));
  return (
    <>
      <Skip />
      <TopBar replica={replica} store={store} />
      {"store" in place && <StoreTabs replica={replica} place={place} />}
      <WorkBar />
      <main className="page" {...MAIN}>
        <Rescue place={hrefOf(place)}>
          <Suspense fallback={<Loading />}>
            {place.page === "stores" && <StoresScreen userId={userId} />}
            {place.page === "sessions" && <SessionsScreen />}
            {place.page === "admin" && <AdminScreen />}
            {"store" in place && (
              <Opened opened={opened}>
                {(open) => <StorePlaces key={open.store} replica={open} place={place} />}
              </Opened>
            )}
          </Suspense>
        </Rescue>
      </main>
    </>
  );
}

/** Closing the page, unlike going about in it, would lose what was typed: the browser asks. */
function AskBeforeClosing() {
  const isUnsaved = useUnsaved().length > 0;
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const onUnload = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    addEventListener("beforeunload", onUnload);
    return () => {
      removeEventListener("beforeunload", onUnload);
    };
  }, [isUnsaved]);
  return null;
}
