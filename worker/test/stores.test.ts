import { CLOSE } from "@gitblobs/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { object, openSocket, connect, startStory } from "./device.ts";
import { addSession, ask } from "./people.ts";

const blob = object("kept");
const push = { mid: "m", ref: "main", old: null, new: blob.hash };

let story: Awaited<ReturnType<typeof startStory>>;
beforeEach(async () => {
  story = await startStory();
});

/** A request of the story's person, or of somebody else. */
const as = (token: string, method: string, path: string, body?: object) =>
  ask(story.relay, method, path, body === undefined ? { token } : { token, body });
const mine = (method: string, path: string, body?: object) =>
  as(story.person.access, method, path, body);
const make = (name: string) => mine("POST", "/stores", { name });
const idOf = async (name: string) => Number((await make(name)).body["id"]);
/** What an upgrade is refused with. */
async function upgrade(query: string) {
  const { relay, person } = story;
  const response = await openSocket(relay, query, { authorization: `Bearer ${person.access}` });
  return (await response.json<{ code: string }>()).code;
}
const counted = async (table: string) =>
  Number(await story.relay.env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first("n"));

describe("a store", () => {
  it("is made by a call of its own, once; the same name again answers the same store", async () => {
    const name = `${story.store}-new`;
    const first = await make(name);
    expect(first).toMatchObject({ status: 200, body: { name, made: true } });
    expect((await make(name)).body).toEqual({ ...first.body, made: false });
  });

  it("is told by its id in the list and in every welcome", async () => {
    const id = await idOf(story.store);
    const device = await connect(story.relay, story.person, story.store, "laptop");
    expect((await device.next("welcome")).store).toBe(id);
    expect((await mine("GET", "/stores")).body).toMatchObject({ stores: [{ id }] });
  });

  it("is refused where the user has as many as allowed, and one that is there is not", async () => {
    story = await startStory({ QUOTA_STORES: "1" });
    expect((await make("another")).body).toMatchObject({ status: 409, code: "too_many_stores" });
    expect((await make(story.store)).body).toMatchObject({ made: false });
  });

  it("is made by no other request", async () => {
    const before = await counted("stores");
    const refused = { status: 404, code: "no_store" };
    for (const id of ["", "?id=1"]) {
      expect((await mine("POST", `/sync/none/push${id}`, push)).body).toMatchObject(refused);
      const have = { mid: "m", objects: [blob.key] };
      expect((await mine("POST", `/sync/none/have${id}`, have)).body).toMatchObject(refused);
      expect((await mine("POST", `/sync/none/renew${id}`, {})).body).toMatchObject(refused);
      expect((await mine("DELETE", `/stores/none${id}`)).body).toMatchObject(refused);
    }
    expect((await mine("GET", "/sync/none/events?after=0&epoch=e")).body).toMatchObject(refused);
    expect(await upgrade("none")).toBe("no_store");
    expect(await counted("stores")).toBe(before);
  });

  it("that is known by its id is reached by no other id", async () => {
    const id = await idOf(story.store);
    const events = `/sync/${story.store}/events?after=0&epoch=e`;
    expect((await mine("GET", `${events}&id=${id}`)).status).toBe(200);
    expect((await mine("GET", `${events}&id=${id + 1}`)).body).toMatchObject({ code: "no_store" });
    expect(await upgrade(`${story.store}&id=${id + 1}`)).toBe("no_store");
  });
});

describe("a store that was removed", () => {
  const remove = () => mine("DELETE", `/stores/${story.store}`);

  it("closes its sockets with a code of its own, and is told as removed to whoever knew it", async () => {
    const { relay, person, store } = story;
    const id = await idOf(store);
    const device = await connect(relay, person, store, "laptop");
    await device.next("welcome");
    expect((await remove()).status).toBe(204);
    expect(await device.closed).toBe(CLOSE.removed);
    const events = `/sync/${store}/events?after=0&epoch=e`;
    const removed = { status: 410, code: "store_removed" };
    expect((await mine("GET", `${events}&id=${id}`)).body).toMatchObject(removed);
    expect(await upgrade(`${store}&id=${id}`)).toBe("store_removed");
    expect((await mine("GET", events)).body).toMatchObject({ status: 404, code: "no_store" });
  });

  it("stays removed for its devices when another one of its name was made", async () => {
    const { store } = story;
    const [old] = [await idOf(store), await remove()];
    const id = await idOf(store);
    expect(id).not.toBe(old);
    expect((await mine("POST", `/sync/${store}/push?id=${old}`, push)).body).toMatchObject({
      code: "store_removed",
    });
    expect((await mine("DELETE", `/stores/${store}?id=${old}`)).body).toMatchObject({
      code: "store_removed",
    });
    expect((await mine("GET", `/sync/${store}/events?after=0&epoch=e&id=${id}`)).status).toBe(200);
  });

  it("is remembered for its owner alone", async () => {
    const { relay, store } = story;
    const [id] = [await idOf(store), await remove()];
    const stranger = await addSession(relay);
    const answer = await as(
      stranger.access,
      "GET",
      `/sync/${store}/events?after=0&epoch=e&id=${id}`,
    );
    expect(answer.body).toMatchObject({ status: 404, code: "no_store" });
  });

  it("is remembered for a year, and then swept away", async () => {
    const { relay, store } = story;
    const [id] = [await idOf(store), await remove()];
    const left = () =>
      relay.env.DB.prepare("SELECT count(*) AS n FROM removed_stores WHERE store_id = ?1")
        .bind(id)
        .first("n");
    relay.advance(364 * 86_400_000);
    await relay.scheduled();
    expect(await left()).toBe(1);
    relay.advance(2 * 86_400_000);
    await relay.scheduled();
    expect(await left()).toBe(0);
    expect(relay.log.at(-1)).toHaveProperty("removed_stores");
  });

  it("is remembered among the last thousand of its user", async () => {
    const { relay, person, store } = story;
    const id = await idOf(store);
    await relay.env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
       INSERT INTO removed_stores (store_id, owner_id, expires_at) SELECT i, ?1, i FROM n`,
    )
      .bind(person.user.id)
      .run();
    await remove();
    const rows = await relay.env.DB.prepare(
      "SELECT count(*) AS n, max(store_id) AS last FROM removed_stores WHERE owner_id = ?1",
    )
      .bind(person.user.id)
      .first();
    expect(rows).toEqual({ n: 1_000, last: id });
  });

  it("leaves nothing behind when its user is removed", async () => {
    const { relay, person } = story;
    await remove();
    await idOf("another");
    const token = relay.env.ADMIN_TOKEN;
    expect((await as(token, "DELETE", `/admin/users/${person.user.id}`)).status).toBe(204);
    const left = relay.env.DB.prepare(
      "SELECT count(*) AS n FROM removed_stores WHERE owner_id = ?1",
    );
    expect(await left.bind(person.user.id).first("n")).toBe(0);
  });
});
