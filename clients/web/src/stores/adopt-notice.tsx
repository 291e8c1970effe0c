import { isIntact, readLocalData } from "@gitblobs/protocol/store";
import { useMemo, useState, type SubmitEvent } from "react";
import { account } from "../account/account.ts";
import { text } from "../account/login-screen.tsx";
import { Replica } from "../replica/replica.ts";
import { plural } from "../ui/format.ts";
import { goTo } from "../ui/route.ts";
import { announce, run } from "../ui/toast.tsx";
import { STORE_NAME } from "./store-name.ts";

/** The prefix under which the earlier GitBlobsDB page kept its data. */
const PREFIX = "dev";

/** Offers to bring in what an earlier GitBlobsDB page left in this browser. Its data stays where it is. */
export function AdoptNotice() {
  const [isDone, setDone] = useState(localStorage.getItem("gitblobs/adopted") !== null);
  const found = useMemo(() => readLocalData(localStorage, PREFIX), []);
  if (isDone || found === undefined) return null;
  const adopt = async (name: string) => {
    const user = account.get()?.user;
    if (user === undefined) return;
    const intact = await Promise.all(found.objects.map(isIntact));
    const damaged = intact.filter((good) => !good).length;
    if (damaged > 0)
      throw new Error(
        `${plural(damaged, "object")} of the earlier data are damaged; nothing was brought in.`,
      );
    const replica = await Replica.open(user, name);
    await replica.storage.putAll(found.objects);
    const isEmpty = await replica.storage.moveHead(null, found.head);
    await replica.close();
    if (!isEmpty) throw new Error(`The store ${name} is not empty. Choose another name.`);
    localStorage.setItem("gitblobs/adopted", name);
    setDone(true);
    announce("Your earlier data was brought in.");
    goTo({ page: "files", store: name });
  };
  const files = found.objects.filter((object) => object.type === "commit").length;
  return (
    <form
      className="notice adopt"
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        const name = text(new FormData(event.currentTarget), "name");
        run(() => adopt(name));
      }}
    >
      <div className="grow">
        <strong>Data of an earlier GitBlobsDB page was found in this browser</strong>
        <div className="muted">
          {plural(files, "commit")}
          {found.unreadable.length > 0 &&
            `, ${plural(found.unreadable.length, "entry")} unreadable`}
          . Bring it into a new store; the original stays untouched.
        </div>
      </div>
      <label className="hidden" htmlFor="adopt-name">
        Name of the store to bring it into
      </label>
      <input id="adopt-name" name="name" defaultValue="earlier" required pattern={STORE_NAME} />
      <button className="btn">Bring it in</button>
    </form>
  );
}
