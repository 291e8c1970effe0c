import { readLocalData, type LocalData } from "@gitblobs/client/store";
import { useMemo, useState, type SubmitEvent } from "react";
import { account } from "../account/account.ts";
import { text } from "../account/login-screen.tsx";
import { STORE_NAME } from "../replica/store-name.ts";
import { plural } from "../ui/format.ts";
import { keep, readKept } from "../ui/kept.ts";
import { goTo } from "../ui/route.ts";
import { announce, messageOf } from "../ui/toast.tsx";

/** The prefix under which the earlier GitBlobsDB page kept its data. */
const PREFIX = "dev";
const ADOPTED_KEY = "gitblobs/adopted";

/** Offers to bring in what an earlier GitBlobsDB page left in this browser. Its data stays where it is. */
export function AdoptNotice() {
  const found = useMemo(findEarlierData, []);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (found === undefined) return null;
  const bringIn = async (name: string) => {
    const user = account.get()?.user;
    if (user === undefined) return;
    // Packs are not part of the first load.
    const { adopt } = await import("../packs/adopt.ts");
    const { kind } = await adopt(user, name, found);
    keep(ADOPTED_KEY, name);
    announce("Your earlier data was brought in.");
    goTo({ page: kind === "conflicted" ? "conflicts" : "files", store: name });
  };
  const commits = found.objects.filter((object) => object.type === "commit").length;
  return (
    <form
      className="notice adopt"
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        setBusy(true);
        setProblem(null);
        bringIn(text(new FormData(event.currentTarget), "name")).catch((error: unknown) => {
          setBusy(false);
          setProblem(messageOf(error));
        });
      }}
    >
      <div className="grow">
        <strong>Data of an earlier GitBlobsDB page was found in this browser</strong>
        <div className="muted">
          {plural(commits, "commit")}
          {found.unreadable.length > 0 &&
            `, ${plural(found.unreadable.length, "entry", "entries")} unreadable`}
          . Bring it into a store of its own; the original stays untouched.
        </div>
        {problem !== null && (
          <p className="problem" role="alert">
            Nothing was brought in. {problem}
          </p>
        )}
      </div>
      <label className="hidden" htmlFor="adopt-name">
        Name of the store to bring it into
      </label>
      <input id="adopt-name" name="name" defaultValue="earlier" required pattern={STORE_NAME} />
      <button className="btn" disabled={isBusy}>
        {isBusy ? "Bringing it in …" : "Bring it in"}
      </button>
    </form>
  );
}

function findEarlierData(): LocalData | undefined {
  if (readKept(ADOPTED_KEY) !== null) return undefined;
  try {
    return readLocalData(localStorage, PREFIX);
  } catch {
    // Where the browser blocks its storage there is nothing to bring in.
    return undefined;
  }
}
