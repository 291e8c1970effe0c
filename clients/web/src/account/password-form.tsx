import { useState, type SubmitEvent } from "react";
import { announce } from "../ui/toast.tsx";
import { login, passwordWasChanged } from "./account.ts";
import { text } from "./login-screen.tsx";

/** Changes the own password; the relay ends the user's other sessions with it. */
export function PasswordForm({ onDone }: { readonly onDone: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (form: FormData) => {
    const next = text(form, "new");
    if (next !== text(form, "again")) {
      setProblem("The two new passwords differ.");
      return;
    }
    setBusy(true);
    const body = { current_password: text(form, "current"), new_password: next };
    const answer = await login.request({ method: "PUT", path: "/password", body });
    setBusy(false);
    if (!answer.ok) {
      setProblem(answer.problem.message);
      return;
    }
    await passwordWasChanged();
    announce("Password changed. Your other devices were logged out.");
    onDone();
  };
  return (
    <form
      className="stack"
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      {problem !== null && (
        <p className="notice bad" role="alert">
          {problem}
        </p>
      )}
      <label>
        Current password
        <input name="current" type="password" autoComplete="current-password" required autoFocus />
      </label>
      <label>
        New password
        <input name="new" type="password" autoComplete="new-password" minLength={15} required />
        <small>At least 15 characters; a sentence is easy to remember.</small>
      </label>
      <label>
        New password, again
        <input name="again" type="password" autoComplete="new-password" required />
      </label>
      <button className="btn primary" disabled={isBusy}>
        {isBusy ? "Changing …" : "Change password"}
      </button>
    </form>
  );
}
