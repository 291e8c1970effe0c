-- Where the named heads of a store stand. They outlive the objects they name.
CREATE TABLE refs (
  store_id INTEGER NOT NULL REFERENCES stores (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (store_id, name)
) STRICT, WITHOUT ROWID;
-- What happened in a store, numbered without gaps. A device's mid stands for one event for good.
CREATE TABLE events (
  store_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('push', 'message')),
  at INTEGER NOT NULL,
  -- Never earlier than that of the event before: what is retained has no holes.
  expires_at INTEGER NOT NULL,
  device TEXT NOT NULL,
  mid TEXT NOT NULL,
  ref TEXT,
  old TEXT,
  new TEXT,
  objects INTEGER,
  bytes INTEGER,
  recipient TEXT,
  body TEXT,
  body_expires_at INTEGER,
  PRIMARY KEY (store_id, seq),
  UNIQUE (store_id, device, mid),
  FOREIGN KEY (store_id, user_id) REFERENCES stores (id, user_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX events_by_expiry ON events (expires_at);
CREATE INDEX events_by_body_expiry ON events (body_expires_at) WHERE body IS NOT NULL;
-- The objects a push consists of, as `have` declared them: JSON [[type, hash, size], ...].
CREATE TABLE push_parts (
  store_id INTEGER NOT NULL REFERENCES stores (id) ON DELETE CASCADE,
  device TEXT NOT NULL,
  mid TEXT NOT NULL,
  -- SHA-256 of the list: the same list again changes nothing.
  digest TEXT NOT NULL,
  count INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  objects TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (store_id, device, mid, digest)
) STRICT;
CREATE INDEX push_parts_by_expiry ON push_parts (expires_at);
CREATE TRIGGER events_moved_head AFTER INSERT ON events BEGIN
  UPDATE stores SET head = NEW.seq, last_at = NEW.at, last_expires_at = NEW.expires_at
  WHERE id = NEW.store_id;
END;
CREATE TRIGGER events_moved_ref AFTER INSERT ON events WHEN NEW.kind = 'push' BEGIN
  DELETE FROM refs WHERE store_id = NEW.store_id AND name = NEW.ref;
  INSERT INTO refs (store_id, name, hash)
  SELECT NEW.store_id, NEW.ref, NEW.new WHERE NEW.new IS NOT NULL;
END;
CREATE TRIGGER events_body_added AFTER INSERT ON events WHEN NEW.body IS NOT NULL BEGIN
  UPDATE usage SET bytes = bytes + length(CAST(NEW.body AS BLOB)) WHERE user_id = NEW.user_id;
END;
CREATE TRIGGER events_body_dropped AFTER UPDATE OF body ON events
WHEN OLD.body IS NOT NULL AND NEW.body IS NULL BEGIN
  UPDATE usage SET bytes = bytes - length(CAST(OLD.body AS BLOB)) WHERE user_id = OLD.user_id;
END;
CREATE TRIGGER events_body_removed AFTER DELETE ON events WHEN OLD.body IS NOT NULL BEGIN
  UPDATE usage SET bytes = bytes - length(CAST(OLD.body AS BLOB)) WHERE user_id = OLD.user_id;
END;
