import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";

const toBase64 = (text) => Buffer.from(text).toString("base64");
const fromBase64 = (text) => Buffer.from(text, "base64").toString();
const folder = new URL("../../migrations/", import.meta.url);
const files = readdirSync(folder).sort();
const apply = (db, names) => {
  for (const name of names) db.exec(readFileSync(new URL(name, folder), "utf8"));
};
const hash = (text) => createHash("sha256").update(text).digest("hex");
const far = 9_000_000_000_000;

/** A database as version 0011 leaves it, with everything a store can hold. */
function oldDatabase() {
  const db = new DatabaseSync(":memory:");
  db.exec("PRAGMA foreign_keys = on");
  apply(
    db,
    files.filter((name) => name < "0012"),
  );
  const run = (sql, ...values) => db.prepare(sql).run(...values);
  run(
    "INSERT INTO users (id, username, password_hash, role, created_at) VALUES ('u', 'ada', 'x', 'user', 1)",
  );
  run("INSERT INTO usage (user_id) VALUES ('u')");
  for (const id of [1, 2]) {
    run(
      "INSERT INTO stores (id, user_id, name, epoch, created_at) VALUES (?, 'u', ?, 'e', 1)",
      id,
      `s${id}`,
    );
  }
  const object = (store, type, text, whole = true) =>
    run(
      `INSERT INTO sync_data (user_id, store_id, data_type, hash, size, data, created_at, expires_at)
       VALUES ('u', ?, ?, ?, ?, ?, 5, ?)`,
      store,
      type,
      hash(text),
      text.length,
      whole ? toBase64(text) : null,
      far + text.length,
    );
  const piece = (text, offset, len, expires) =>
    run(
      `INSERT INTO sync_chunks (user_id, store_id, data_type, hash, size, "offset", len, data, expires_at)
       VALUES ('u', 1, 'blob', ?, ?, ?, ?, ?, ?)`,
      hash(text),
      text.length,
      offset,
      len,
      toBase64(text.slice(offset, offset + len)),
      expires,
    );
  object(1, "blob", "one");
  object(1, "commit", "two");
  object(2, "blob", "one");
  object(1, "blob", "a large one", false);
  piece("a large one", 0, 7, null);
  piece("a large one", 7, 4, null);
  piece("unfinished", 0, 4, far);
  piece("unfinished", 4, 3, far - 9);
  const event = (store, seq, kind, change) => {
    const row = {
      store_id: store,
      seq,
      user_id: "u",
      kind,
      at: 10 + seq,
      expires_at: far,
      device: "d",
      mid: `m${seq}`,
      ...change,
    };
    const names = Object.keys(row);
    run(
      `INSERT INTO events (${names.join()}) VALUES (${names.map(() => "?").join()})`,
      ...Object.values(row),
    );
  };
  const push = { ref: "main", old: null, new: hash("two"), objects: 3, bytes: 9 };
  event(1, 1, "push", push);
  event(1, 2, "message", { recipient: "phone", body: "hällo", body_expires_at: far });
  event(2, 1, "push", { ref: "main", old: null, new: hash("one"), objects: 1, bytes: 3 });
  const part = (store, mid, digest, list) =>
    run(
      `INSERT INTO push_parts (store_id, device, mid, digest, count, bytes, objects, expires_at, user_id)
       VALUES (?, 'd', ?, ?, ?, 0, ?, ?, 'u')`,
      store,
      mid,
      digest,
      list.length,
      JSON.stringify(list),
      far,
    );
  part(1, "m1", "x", [
    ["blob", hash("one"), 3],
    ["commit", hash("two"), 3],
  ]);
  part(1, "m1", "y", [["blob", hash("a large one"), 11]]);
  part(1, "never pushed", "z", [["blob", hash("nothing"), 1]]);
  part(2, "m1", "x", [["blob", hash("one"), 3]]);
  return db;
}

/** The objects of a store, as a reader of the new tables finds them. */
function objectsOf(db, store, whole = 1) {
  const rows = db
    .prepare("SELECT * FROM sync_data WHERE store_id = ? AND whole = ? ORDER BY id")
    .all(store, whole);
  return rows.map(({ id, list, data, data_type: type, expires_at: until, bytes }) => {
    const [[listed, name, [size]]] = JSON.parse(list);
    const pieces = db
      .prepare('SELECT "offset", len, data FROM sync_chunks WHERE pack_id = ? ORDER BY 1')
      .all(id);
    const text =
      data === null ? pieces.map((one) => fromBase64(one.data)).join("") : fromBase64(data);
    assert.equal(type, data === null ? listed : "pack");
    if (whole === 1) assert.equal(hash(text), name);
    return { type: listed, size, text, until, bytes };
  });
}

test("an environment of the old tables loses nothing by migration 0012 and what follows", () => {
  const db = oldDatabase();
  apply(
    db,
    files.filter((name) => name >= "0012"),
  );
  assert.deepEqual(objectsOf(db, 1), [
    { type: "blob", size: 3, text: "one", until: far + 3, bytes: 3 },
    { type: "commit", size: 3, text: "two", until: far + 3, bytes: 3 },
    { type: "blob", size: 11, text: "a large one", until: far + 11, bytes: 11 },
  ]);
  assert.equal(objectsOf(db, 2).length, 1);
  const unfinished = { type: "blob", size: 10, text: "unfinis", until: far - 9, bytes: 7 };
  assert.deepEqual(objectsOf(db, 1, 0), [unfinished]);
  const events = db
    .prepare(
      "SELECT seq, kind, by_id, mid, ref, new, recipient_id, recipient, CAST(body AS TEXT) FROM events WHERE store_id = 1",
    )
    .all();
  assert.deepEqual(
    events.map((one) => Object.values(one)),
    [
      [1, "push", "u", "m1", "main", hash("two"), null, null, null],
      [2, "message", "u", "m2", null, null, "u", "phone", "hällo"],
    ],
  );
  const lists = db
    .prepare("SELECT seq, part, list FROM push_parts WHERE store_id = 1 ORDER BY part")
    .all();
  assert.deepEqual(
    lists.map(({ seq, part, list }) => [seq, part, JSON.parse(list)]),
    [
      [
        1,
        1,
        [
          ["blob", hash("one"), [3]],
          ["commit", hash("two"), [3]],
        ],
      ],
      [1, 2, [["blob", hash("a large one"), [11]]]],
    ],
  );
  assert.equal(db.prepare("SELECT hash FROM refs WHERE store_id = 1").get().hash, hash("two"));
  assert.deepEqual(db.prepare("PRAGMA foreign_key_check").all(), []);
});

test("what a store holds is counted from there on as if it had always been", () => {
  const db = oldDatabase();
  apply(
    db,
    files.filter((name) => name >= "0012"),
  );
  const listed = db.prepare("SELECT sum(length(list)) AS n FROM push_parts WHERE store_id = ?");
  const counts = db.prepare("SELECT head, objects, bytes, events FROM stores WHERE id = ?");
  assert.deepEqual(
    { ...counts.get(1) },
    {
      head: 2,
      objects: 4,
      bytes: 3 + 3 + 11 + 7 + 2 * 256 + 6 + listed.get(1).n,
      events: 2,
    },
  );
  for (const table of ["events", "sync_data"]) db.exec(`DELETE FROM ${table}`);
  assert.deepEqual({ ...counts.get(1) }, { head: 2, objects: 0, bytes: 0, events: 0 });
  assert.deepEqual(
    { ...db.prepare("SELECT * FROM usage").get() },
    { owner_id: "u", bytes: 0, objects: 0 },
  );
  assert.equal(db.prepare("SELECT count(*) AS n FROM sync_chunks").get().n, 0);
});
