import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";
import { layLine, type Line } from "./line.ts";
import { findChromium, isAbsent } from "../../../tools/machine.ts";
import { startRelay, type Person, type TestRelay } from "./relay.ts";
import { startChromium, Visitor, type Arrival } from "./visitor.ts";

/** What the journeys of a file share: a relay, a browser, and a user of their own. */
export class Stage {
  #relay: TestRelay | undefined;
  #browser: Browser | undefined;
  #user: Person | undefined;
  readonly #lines: Line[] = [];

  get relay(): TestRelay {
    return there(this.#relay);
  }

  get browser(): Browser {
    return there(this.#browser);
  }

  /** The user of this file, an admin. */
  get user(): Person {
    return there(this.#user);
  }

  async open(): Promise<void> {
    this.#relay = await startRelay();
    this.#user = await this.#relay.addUser("ada", "admin");
    this.#browser = await startChromium();
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    for (const line of this.#lines) line.close();
    await this.#relay?.stop();
  }

  /** Lays a line of its own to the relay. */
  async lay(): Promise<Line> {
    const line = await layLine(this.relay.url);
    this.#lines.push(line);
    return line;
  }

  /** Opens the page in a fresh browser, with nobody logged in. */
  visit(arrival: Arrival = {}, url = this.relay.url): Promise<Visitor> {
    return Visitor.arrive(this.browser, url, arrival);
  }

  /** Opens the page in a fresh browser of this file's user. */
  async arrive(arrival: Arrival = {}, url = this.relay.url): Promise<Visitor> {
    return (await this.visit(arrival, url)).logIn(this.user);
  }

  /** Two browsers of the user that both have the same file in the same store; the line is that of the first. */
  async pair(store: string, path: string, text: string, arrival: Arrival = {}) {
    const line = await this.lay();
    const a = await (await this.arrive(arrival, line.url)).openStore(store);
    await a.write(store, path, text);
    await a.synced();
    const b = await (await this.arrive()).openStore(store);
    return { a, b, line };
  }

  /** Tells what the pages of a test that failed show, which nobody can look at later, and closes them. */
  async tellWhatIsShown(): Promise<void> {
    for (const context of this.#browser?.contexts() ?? []) {
      for (const page of context.pages())
        console.error(`${page.url()} shows:\n${await page.innerText("body")}`);
      await context.close();
    }
  }

  /** Sends visitors home; nothing must have gone wrong behind their backs. */
  async done(...visitors: Visitor[]): Promise<void> {
    for (const visitor of visitors) {
      expect(visitor.faults).toEqual([]);
      await visitor.leave();
    }
  }
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the stage is not open");
  return value;
}

/** Describes journeys of one kind, in Chromium against the relay; they need that nothing they name `isLacking`. */
export function journeys(title: string, tell: (stage: Stage) => void, isLacking = false): void {
  const isLeftOut = isAbsent("Chromium", findChromium() !== undefined) || isLacking;
  describe.skipIf(isLeftOut)(title, () => {
    const stage = new Stage();
    beforeAll(() => stage.open());
    afterEach(async ({ task }) => {
      if (task.result?.state === "fail") await stage.tellWhatIsShown();
    });
    afterAll(() => stage.close());
    tell(stage);
  });
}
