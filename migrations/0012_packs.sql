-- What arrives together is one row, a pack of objects; what a store holds is counted with the store itself.
-- lint:allow rename reason=nothing was released yet that reads it
ALTER TABLE stores RENAME COLUMN user_id TO owner_id;
ALTER TABLE stores ADD COLUMN objects INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stores ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stores ADD COLUMN events INTEGER NOT NULL DEFAULT 0;
-- A push keeps its store. Until kept_until nothing that was pushed expires, unless its own time was over before kept_since:
-- what expired while nobody kept the store does not come back.
ALTER TABLE stores ADD COLUMN kept_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stores ADD COLUMN kept_since INTEGER NOT NULL DEFAULT 0;
-- Nothing of the store expires before this.
ALTER TABLE stores ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX stores_by_due ON stores (due_at);
-- What whoever pushes has to say of it, in base64 and opaque to the relay: with the event, and with the ref while it stands there.
ALTER TABLE refs ADD COLUMN note TEXT;

CREATE TABLE packs (
  -- Random: a batch that is repeated makes the same row.
  id INTEGER PRIMARY KEY NOT NULL,
  owner_id TEXT NOT NULL,
  store_id INTEGER NOT NULL,
  -- 'pack', or the type of the one large object whose bytes are in sync_chunks.
  data_type TEXT NOT NULL,
  objects INTEGER NOT NULL,
  -- Bytes of its objects; of an upload, those that are here.
  bytes INTEGER NOT NULL,
  -- 0 for an upload that is not finished.
  whole INTEGER NOT NULL DEFAULT 1,
  -- 1 once a push needs it: then it lives as long as the store is kept.
  pushed INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- Names and sizes: JSON [[type, "hash hash ...", [size, ...]], ...] without the spaces.
  list TEXT NOT NULL,
  -- The objects' bytes in that order, each in base64 of its own; last, so that nothing else reads them.
  data TEXT,
  FOREIGN KEY (store_id, owner_id) REFERENCES stores (id, owner_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX packs_by_expiry ON packs (store_id, pushed, expires_at);
INSERT INTO packs (id, owner_id, store_id, data_type, objects, bytes, pushed, created_at, expires_at, list, data)
SELECT id, user_id, store_id, iif(data IS NULL, data_type, 'pack'), 1, size, 1, created_at, expires_at,
  json_array(json_array(data_type, hash, json_array(size))), data
FROM sync_data;

-- The bytes of large objects, in order.
CREATE TABLE pack_chunks (
  pack_id INTEGER NOT NULL REFERENCES packs (id) ON DELETE CASCADE,
  "offset" INTEGER NOT NULL,
  len INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (pack_id, "offset")
) STRICT;
INSERT INTO pack_chunks (pack_id, "offset", len, data)
SELECT d.id, c."offset", c.len, c.data FROM sync_chunks AS c
CROSS JOIN sync_data AS d ON d.store_id = c.store_id AND d.data_type = c.data_type AND d.hash = c.hash
WHERE c.expires_at IS NULL;
-- An upload that is not finished goes on where it stood: its row has the number of its first piece, behind all others.
INSERT INTO packs (id, owner_id, store_id, data_type, objects, bytes, whole, created_at, expires_at, list)
SELECT min(id) + (SELECT coalesce(max(id), 0) FROM sync_data), user_id, store_id, data_type, 1, sum(len), 0, 0,
  min(expires_at), json_array(json_array(data_type, hash, json_array(min(size))))
FROM sync_chunks WHERE expires_at IS NOT NULL GROUP BY user_id, store_id, data_type, hash;
INSERT INTO pack_chunks (pack_id, "offset", len, data)
SELECT (SELECT coalesce(max(id), 0) FROM sync_data) + (SELECT min(f.id) FROM sync_chunks AS f
    WHERE f.store_id = c.store_id AND f.data_type = c.data_type AND f.hash = c.hash),
  c."offset", c.len, c.data
FROM sync_chunks AS c WHERE c.expires_at IS NOT NULL;

-- What happened in a store, numbered without gaps. A device's mid stands for one event for good.
CREATE TABLE history (
  store_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  owner_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('push', 'message')),
  at INTEGER NOT NULL,
  -- Never earlier than that of the event before: what is retained has no holes.
  expires_at INTEGER NOT NULL,
  -- Whose device: a device's name alone identifies nobody.
  by_id TEXT NOT NULL,
  device TEXT NOT NULL,
  mid TEXT NOT NULL,
  ref TEXT,
  old TEXT,
  new TEXT,
  objects INTEGER,
  bytes INTEGER,
  recipient_id TEXT,
  recipient TEXT,
  body_expires_at INTEGER,
  -- A push keeps its store at least so long.
  keeps_until INTEGER NOT NULL DEFAULT 0,
  -- What it counts in the quota: 256, and the bytes of its body, its list and its note.
  weight INTEGER NOT NULL,
  body BLOB,
  -- The objects of a push, as in sync_data; those of a very large one go on in push_parts.
  list TEXT,
  note TEXT,
  PRIMARY KEY (store_id, seq),
  FOREIGN KEY (store_id, owner_id) REFERENCES stores (id, owner_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX history_by_mid ON history (store_id, by_id, device, mid);
CREATE INDEX history_by_body_expiry ON history (store_id, body_expires_at) WHERE body IS NOT NULL;
INSERT INTO history (store_id, seq, owner_id, kind, at, expires_at, by_id, device, mid, ref, old, new, objects, bytes,
  recipient_id, recipient, body_expires_at, weight, body)
SELECT store_id, seq, user_id, kind, at, expires_at, user_id, device, mid, ref, old, new, objects, bytes,
  iif(recipient IS NULL, NULL, user_id), recipient, body_expires_at, 256 + coalesce(length(CAST(body AS BLOB)), 0),
  CAST(body AS BLOB)
FROM events;
CREATE TABLE history_parts (
  store_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  part INTEGER NOT NULL,
  list TEXT NOT NULL,
  PRIMARY KEY (store_id, seq, part),
  FOREIGN KEY (store_id, seq) REFERENCES history (store_id, seq) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO history_parts (store_id, seq, part, list)
SELECT e.store_id, e.seq, row_number() OVER (PARTITION BY e.store_id, e.seq ORDER BY p.rowid),
  (SELECT json_group_array(json_array(j.value ->> 0, j.value ->> 1, json_array(j.value ->> 2)))
   FROM json_each(iif(json_valid(p.objects), p.objects, '[]')) AS j)
FROM push_parts AS p
CROSS JOIN events AS e ON e.store_id = p.store_id AND e.device = p.device AND e.mid = p.mid;

-- Everything that is kept is in the new tables; what waited for a push is declared again by its device.
-- lint:allow drop-column reason=its rows are in packs under other names, with an index of their own
-- lint:allow index-lost reason=its rows are in packs under other names, with an index of their own
-- lint:allow constraint-lost reason=a type is a label to the relay
DROP TABLE sync_data;
-- lint:allow drop-column reason=what a piece belongs to is said by its pack
-- lint:allow trigger-lost reason=what a store holds is counted with its packs
-- lint:allow rows-not-copied reason=a piece of an object that is not there is nobody's
DROP TABLE sync_chunks;
-- lint:allow drop-column reason=a list belongs to its event now, and goes with it
-- lint:allow constraint-lost reason=a list belongs to its event now, and goes with it
DROP TABLE push_parts;
-- lint:allow drop-column reason=history has them under other names
-- lint:allow index-lost reason=history has them under other names
-- lint:allow trigger-lost reason=history has them under other names
-- lint:allow changed-type reason=messages are bytes, and nothing was released yet that reads them
-- lint:allow constraint-lost reason=history has it, with the member whose device it is
DROP TABLE events;
-- lint:allow drop-table reason=its sums are kept in stores
DROP TABLE usage;
-- lint:allow values-overwritten reason=the type of a single object is in its list
ALTER TABLE packs RENAME TO sync_data;
ALTER TABLE pack_chunks RENAME TO sync_chunks;
-- lint:allow values-overwritten reason=the bytes of a body are those of its text
ALTER TABLE history RENAME TO events;
ALTER TABLE history_parts RENAME TO push_parts;

UPDATE stores SET
  objects = (SELECT count(*) FROM sync_data AS d WHERE d.store_id = stores.id),
  bytes = (SELECT coalesce(sum(d.bytes), 0) FROM sync_data AS d WHERE d.store_id = stores.id)
    + (SELECT coalesce(sum(e.weight), 0) FROM events AS e WHERE e.store_id = stores.id)
    + (SELECT coalesce(sum(length(p.list)), 0) FROM push_parts AS p WHERE p.store_id = stores.id),
  events = (SELECT count(*) FROM events AS e WHERE e.store_id = stores.id);
-- What a user has stored, over all stores.
CREATE VIEW usage AS
  SELECT owner_id, sum(bytes) AS bytes, sum(objects) AS objects FROM stores GROUP BY owner_id;

CREATE TRIGGER sync_data_added AFTER INSERT ON sync_data BEGIN
  UPDATE stores SET bytes = bytes + NEW.bytes, objects = objects + NEW.objects WHERE id = NEW.store_id;
END;
CREATE TRIGGER sync_data_grew AFTER UPDATE OF bytes ON sync_data BEGIN
  UPDATE stores SET bytes = bytes - OLD.bytes + NEW.bytes WHERE id = NEW.store_id;
END;
CREATE TRIGGER sync_data_removed AFTER DELETE ON sync_data BEGIN
  UPDATE stores SET bytes = bytes - OLD.bytes, objects = objects - OLD.objects WHERE id = OLD.store_id;
END;
CREATE TRIGGER sync_data_due AFTER INSERT ON sync_data
WHEN NEW.expires_at < (SELECT due_at FROM stores WHERE id = NEW.store_id) BEGIN
  UPDATE stores SET due_at = NEW.expires_at WHERE id = NEW.store_id;
END;
CREATE TRIGGER events_added AFTER INSERT ON events BEGIN
  UPDATE stores SET head = NEW.seq, last_at = NEW.at, last_expires_at = NEW.expires_at,
    events = events + 1, bytes = bytes + NEW.weight,
    kept_since = iif(NEW.keeps_until > 0 AND kept_until <= NEW.at, NEW.at, kept_since),
    kept_until = max(kept_until, NEW.keeps_until)
  WHERE id = NEW.store_id;
END;
CREATE TRIGGER events_moved_ref AFTER INSERT ON events WHEN NEW.kind = 'push' BEGIN
  DELETE FROM refs WHERE NEW.new IS NULL AND store_id = NEW.store_id AND name = NEW.ref;
  INSERT INTO refs (store_id, name, hash, note)
  SELECT NEW.store_id, NEW.ref, NEW.new, NEW.note WHERE NEW.new IS NOT NULL
  ON CONFLICT (store_id, name) DO UPDATE SET hash = excluded.hash, note = excluded.note;
END;
CREATE TRIGGER events_due AFTER INSERT ON events
WHEN min(NEW.expires_at, coalesce(NEW.body_expires_at, NEW.expires_at))
  < (SELECT due_at FROM stores WHERE id = NEW.store_id) BEGIN
  UPDATE stores SET due_at = min(NEW.expires_at, coalesce(NEW.body_expires_at, NEW.expires_at))
  WHERE id = NEW.store_id;
END;
CREATE TRIGGER events_body_dropped AFTER UPDATE OF weight ON events BEGIN
  UPDATE stores SET bytes = bytes - OLD.weight + NEW.weight WHERE id = NEW.store_id;
END;
CREATE TRIGGER events_removed AFTER DELETE ON events BEGIN
  UPDATE stores SET events = events - 1, bytes = bytes - OLD.weight WHERE id = OLD.store_id;
END;
CREATE TRIGGER push_parts_added AFTER INSERT ON push_parts BEGIN
  UPDATE stores SET bytes = bytes + length(NEW.list) WHERE id = NEW.store_id;
END;
CREATE TRIGGER push_parts_removed AFTER DELETE ON push_parts BEGIN
  UPDATE stores SET bytes = bytes - length(OLD.list) WHERE id = OLD.store_id;
END;

-- Events that are asked for, and become events one after the other: a push if its ref stands at `old`, what it needs is
-- there and the quota allows; either kind only under a mid that is new. `packs` are the ids it needs, `quota` in bytes; so
-- many refs of a store may have a note that all of them fit into a welcome. A table that stays empty, and no view: an
-- export names triggers before views, and a trigger on a view that is not there yet refuses the whole import.
CREATE TABLE event_requests (
  store_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  by_id TEXT NOT NULL,
  device TEXT NOT NULL,
  mid TEXT NOT NULL,
  ref TEXT,
  old TEXT,
  new TEXT,
  objects INTEGER,
  bytes INTEGER,
  recipient_id TEXT,
  recipient TEXT,
  body_expires_at INTEGER,
  keeps_until INTEGER NOT NULL,
  weight INTEGER NOT NULL,
  body BLOB,
  list TEXT,
  note TEXT,
  packs TEXT NOT NULL,
  quota INTEGER NOT NULL,
  max_refs INTEGER NOT NULL,
  max_noted INTEGER NOT NULL
) STRICT;
CREATE TRIGGER event_requests_granted BEFORE INSERT ON event_requests BEGIN
  INSERT INTO events (store_id, seq, owner_id, kind, at, expires_at, by_id, device, mid, ref, old, new, objects, bytes,
    recipient_id, recipient, body_expires_at, keeps_until, weight, body, list, note)
  SELECT s.id, s.head + 1, s.owner_id, NEW.kind, max(NEW.at, s.last_at), max(NEW.expires_at, s.last_expires_at),
    NEW.by_id, NEW.device, NEW.mid, NEW.ref, NEW.old, NEW.new, NEW.objects, NEW.bytes, NEW.recipient_id, NEW.recipient,
    NEW.body_expires_at, NEW.keeps_until, NEW.weight, NEW.body, NEW.list, NEW.note
  FROM stores AS s WHERE s.id = NEW.store_id
    AND NOT EXISTS (SELECT 1 FROM events AS e
      WHERE e.store_id = s.id AND e.by_id = NEW.by_id AND e.device = NEW.device AND e.mid = NEW.mid)
    AND (SELECT u.bytes FROM usage AS u WHERE u.owner_id = s.owner_id) + NEW.weight <= NEW.quota
    AND (NEW.kind <> 'push' OR (
      (SELECT r.hash FROM refs AS r WHERE r.store_id = s.id AND r.name = NEW.ref) IS NEW.old
      AND (NEW.old IS NOT NULL OR NEW.new IS NULL
        OR (SELECT count(*) FROM refs AS r WHERE r.store_id = s.id) < NEW.max_refs)
      AND (NEW.note IS NULL OR NEW.new IS NULL
        OR (SELECT count(*) FROM refs AS r WHERE r.store_id = s.id AND r.name <> NEW.ref AND r.note IS NOT NULL)
          < NEW.max_noted)
      AND NOT EXISTS (SELECT 1 FROM json_each(NEW.packs) AS j
        LEFT JOIN sync_data AS d ON d.id = j.value AND d.store_id = s.id AND d.whole = 1
          AND d.expires_at > iif(d.pushed = 1 AND s.kept_until > NEW.at, min(s.kept_since, NEW.at), NEW.at)
        WHERE d.id IS NULL)));
  -- The row itself is not kept; what was done for it is.
  SELECT RAISE(IGNORE);
END;
