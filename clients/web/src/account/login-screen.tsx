import { useState, type SubmitEvent } from "react";
import { MAIN, useArrival } from "../ui/main.tsx";
import { ThemeButton } from "../ui/theme.tsx";
import { useValue } from "../ui/value.ts";
import { login, signedOutReason } from "./account.ts";
import { deviceName } from "./device.ts";

/** Asks who it is. */
export function LoginScreen() {
  const reason = useValue(signedOutReason);
  useArrival("Log in · GitBlobs");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (form: FormData) => {
    setBusy(true);
    setProblem(null);
    const answer = await login.logIn(text(form, "username"), text(form, "password"), deviceName());
    setBusy(false);
    if (answer.ok) signedOutReason.set(null);
    else setProblem(explain(answer.problem.message, answer.problem.retryAfterSeconds));
  };
  return (
    <main className="login" {...MAIN}>
      <div className="login-theme">
        <ThemeButton />
      </div>
      <form
        className="card"
        onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <div className="brand">
          <Logo />
          <h1>GitBlobs</h1>
        </div>
        <p className="muted">Your files, their whole history, on every device.</p>
        {reason !== null && problem === null && <p className="notice">{reason}</p>}
        {problem !== null && (
          <p className="notice bad" role="alert">
            {problem}
          </p>
        )}
        <label>
          User name
          <input name="username" autoComplete="username" autoCapitalize="none" required autoFocus />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <button className="btn primary" disabled={isBusy}>
          {isBusy ? "Logging in …" : "Log in"}
        </button>
      </form>
    </main>
  );
}

export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M11 10.500v11M11 16c0 0 10 .5 10-5" />
      <circle cx="11" cy="8.500" r="3" />
      <circle cx="11" cy="23.500" r="3" />
      <circle cx="21" cy="8.500" r="3" />
    </svg>
  );
}

/** A field of a form as text; files are never asked for here. */
export function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

function explain(message: string, retryAfterSeconds: number | undefined): string {
  return retryAfterSeconds === undefined
    ? message
    : `${message} Try again in ${Math.ceil(retryAfterSeconds)} seconds.`;
}
