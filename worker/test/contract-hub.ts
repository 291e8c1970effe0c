import { decodeServerFrame } from "@gitblobs/protocol";
import { env } from "cloudflare:workers";
import type { Inbox } from "../../protocol/ts/test/contract/inbox.ts";
import type {
  ContractRelay,
  ContractSocket,
  WorldEvent,
} from "../../protocol/ts/test/contract/run.ts";
import { makeStore } from "../src/relay/hub-address.ts";
import { confirmReading, openSocket, startSession, startStory } from "./device.ts";
import { replaceDatabase, type Held } from "./hub-database.ts";
import { amendSockets, expireObjects, ring, sleep } from "./hub-inside.ts";
import { addSession, ask } from "./people.ts";

/** In every statement that reads events, and in no other. */
const readsEvents = "seq > ?3";
const publishes = "INSERT INTO event_requests";
/** So often a write is tried before it is refused. */
const triesOfWrite = 3;

/** The real relay with a store that nobody wrote to, in the real runtime on a real database. */
export async function startContractHub(): Promise<ContractRelay> {
  const { relay, person, store } = await startStory();
  const { id } = await makeStore(relay.env, relay.world, person.user.id, store);
  const database = await replaceDatabase(id);
  const [fresh, stranger] = [await startSession(relay, person.user), await addSession(relay)];
  let page: Held | undefined;
  const run = (sql: string, ...values: readonly unknown[]) =>
    env.DB.prepare(sql)
      .bind(id, ...values)
      .run();

  async function world(event: WorldEvent): Promise<void> {
    switch (event.event) {
      case "expire-objects":
        await expireObjects(
          person,
          store,
          event.objects.map(({ key }) => key[1]),
        );
        return;
      case "expire-events":
        await run("UPDATE events SET expires_at = 1 WHERE store_id = ?1 AND seq <= ?2", event.upto);
        return;
      case "restore":
        await restore(event.to);
        return;
      case "remove-store":
        await ask(relay, "DELETE", `/stores/${store}`, { token: person.access });
        return;
      case "auth-soon":
        await amendSockets(person, store, { until: Date.now() + 30_000 });
        await ring(person, store);
        return;
      case "hold-page":
        page = database.hold(readsEvents, event.before === "reading" ? "call" : "answer");
        return;
      case "page-is-held":
        return page?.reached();
      case "release-page":
        page?.release();
        return;
      case "database-fails":
        if (event.at === "page") database.fail(readsEvents, 1);
        else database.fail(publishes, triesOfWrite);
    }
  }

  /** As Time Travel does: the rows of then, whatever the hub remembers. */
  async function restore(to: number): Promise<void> {
    await run("DELETE FROM events WHERE store_id = ?1 AND seq > ?2", to);
    await run("UPDATE stores SET head = ?2 WHERE id = ?1", to);
    await run(
      `UPDATE refs SET hash = (SELECT new FROM events WHERE store_id = ?1 AND seq = ?2)
       WHERE store_id = ?1`,
      to,
    );
    await sleep(person, store);
    await ring(person, store);
  }

  const upgrade = (known?: number) => {
    const which = known === undefined ? store : `${store}&id=${known}`;
    return openSocket(relay, which, { authorization: `Bearer ${person.access}` });
  };

  return {
    tokens: { fresh: fresh.access, bad: "no.such.token", foreign: stranger.access },
    world,
    async open(inbox, known) {
      const { webSocket } = await upgrade(known);
      if (webSocket === null) throw new Error("no socket");
      return listen(webSocket, inbox);
    },
    async refusal(known) {
      const response = await upgrade(known);
      return response.status === 101 ? undefined : (await response.json<{ code: string }>()).code;
    },
    async make() {
      const request = { token: person.access, body: { name: store } };
      return (await ask(relay, "POST", "/stores", request)).body;
    },
  };
}

function listen(socket: WebSocket, inbox: Inbox): ContractSocket {
  socket.binaryType = "arraybuffer";
  const confirm = confirmReading(socket);
  socket.addEventListener("message", ({ data }) => {
    const frame = typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer);
    if (typeof frame === "string" && frame.startsWith("pong:")) return;
    confirm(frame.length);
    const decoded = decodeServerFrame(frame);
    if (!decoded.ok) throw new Error(`${inbox.owner} got ${decoded.error.message}`);
    inbox.receive(...decoded.ops);
  });
  socket.addEventListener("close", ({ code }) => {
    inbox.end(code);
  });
  socket.accept();
  return {
    send: (frame) => {
      socket.send(frame);
    },
    close: () => {
      socket.close(1000);
    },
  };
}
