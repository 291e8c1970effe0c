import { it } from "vitest";
import { journeys } from "./stage.ts";
import { startRelay } from "./relay.ts";
import { Visitor } from "./visitor.ts";

journeys("trouble", (stage) => {
  it("with a part of the page that does not come is told, and a reload mends it", async () => {
    const a = await stage.visit();
    await a.page.route("**/assets/index-*.js", (route) => route.abort());
    await a.page.reload();
    await a.page.getByText("If this stays, reload the page.").waitFor();
    await a.page.unroute("**/assets/index-*.js");
    await a.page.reload();
    await a.logIn(stage.user);
    await stage.done(a);
  });

  it("of a full browser is told, and does not lose what was typed", async () => {
    const a = await (await stage.arrive()).openStore("full");
    await a.write("full", "f.txt", "fits");
    await a.page.evaluate(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("no space", "QuotaExceededError");
      };
    });
    await a.edit("full", "f.txt");
    await a.type("f.txt", "does not fit");
    await a.page.getByText("This browser cannot keep what you type").waitFor();
    await a.page.getByRole("button", { name: "Save" }).click();
    await a.page.getByRole("alert").getByText("Not saved.").waitFor();
    await a.typed("f.txt", "does not fit");
    await stage.done(a);
  });

  it("of a browser that is full when something arrives is told, and passes when there is room", async () => {
    const { a, b } = await stage.pair("arrives", "f.txt", "1");
    await a.page.evaluate(() => {
      const before = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, "put");
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("no space", "QuotaExceededError");
      };
      Object.assign(globalThis, {
        freeSpace: () => {
          Object.defineProperty(IDBObjectStore.prototype, "put", before ?? {});
        },
      });
    });
    await b.write("arrives", "f.txt", "2");
    await a.page.getByRole("alert").getByText("no space left").waitFor();
    await a.page.evaluate(() => {
      (globalThis as unknown as { freeSpace(): void }).freeSpace();
    });
    await a.page.locator(".pill").click();
    await a.page.getByRole("button", { name: "Try again now" }).click();
    await a.synced();
    await a.reads("arrives", "f.txt", "2");
    await stage.done(a, b);
  });

  it("of a browser that keeps no store is told, and tried again when asked", async () => {
    await stage.done(await (await stage.arrive()).openStore("blocked"));
    const a = await stage.arrive();
    await a.page.evaluate(() => {
      const before = Object.getOwnPropertyDescriptor(IDBFactory.prototype, "open");
      IDBFactory.prototype.open = () => {
        Object.defineProperty(IDBFactory.prototype, "open", before ?? {});
        throw new DOMException("blocked", "SecurityError");
      };
    });
    await a.page.goto("/#/s/blocked/files");
    await a.page.getByRole("alert").getByText("This browser cannot keep the store").waitFor();
    await a.page.getByRole("button", { name: "Try again" }).click();
    await a.synced();
    await stage.done(a);
  });

  it("of a blocked or full localStorage hinders nothing but remembering", async () => {
    for (const broken of ["getItem", "setItem"] as const) {
      const a = await stage.visit();
      await a.page.addInitScript((name) => {
        const fail = () => {
          throw new DOMException("no", "QuotaExceededError");
        };
        Storage.prototype.setItem = fail;
        if (name === "getItem")
          Object.assign(Storage.prototype, { getItem: fail, removeItem: fail });
      }, broken);
      await a.page.reload();
      await a.logIn(stage.user);
      await a.page.getByRole("button", { name: /^Colours/u }).click();
      await a.openStore("forgetful");
      await a.write("forgetful", `${broken}.txt`, "works all the same");
      await a.synced();
      await stage.done(a);
    }
  });

  it("of a full quota is told, and what was written is kept here", async () => {
    const small = await startRelay({ QUOTA_BYTES: "20000" });
    const a = await Visitor.arrive(stage.browser, small.url);
    await a.logIn(await small.addUser("ada"));
    await a.openStore("small");
    await a.write("small", "fits.txt", "fits");
    await a.synced();
    await a.write("small", "large.txt", "does not fit ".repeat(3_000));
    await a.page.getByRole("alert").getByText("Not pushed.").waitFor();
    await a.status("Not pushed");
    await a.page.getByText("does not fit").first().waitFor();
    await stage.done(a);
    await small.stop();
  });

  it("with a relay of another version is told, and offers the version that fits", async () => {
    const a = await stage.arrive();
    await a.page.route("**/stores", (route) => route.fulfill({ json: { shelves: [] } }));
    await a.page.goto("/#/sessions");
    await a.page.goto("/#/");
    await a.page.getByRole("alert").getByText("Reload to get the version that fits").waitFor();
    await a.page.routeWebSocket(/\/ws\?/u, (socket) => socket.close({ code: 4406 }));
    await a.page.goto("/#/s/future/files");
    await a.page.getByRole("alert").getByText("The relay runs another version").waitFor();
    await stage.done(a);
  });

  it("with a part of the page that an update took away offers to reload", async () => {
    const a = await (await stage.arrive()).openStore("updated");
    await a.page.route("**/assets/history-screen*", (route) => route.fulfill({ status: 404 }));
    await a.page.getByRole("link", { name: "History" }).click();
    await a.page.getByRole("heading", { name: "This part of the page broke" }).waitFor();
    await a.page.unroute("**/assets/history-screen*");
    await a.page.getByRole("button", { name: "Reload" }).click();
    await a.page.getByText("No history yet").waitFor();
    await a.leave();
  });

  it("with an address that no store has is explained", async () => {
    const a = await stage.arrive();
    await a.page.goto("/#/s/No%20Such%20Store/files");
    await a.page.getByRole("heading", { name: "There is no such store" }).waitFor();
    await a.page.getByRole("link", { name: "All stores", exact: true }).click();
    await a.page.getByRole("heading", { name: "Stores" }).waitFor();
    await stage.done(a);
  });
});
