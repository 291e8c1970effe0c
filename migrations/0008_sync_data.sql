-- The objects of a store: bytes whose SHA-256 is the hash, kept until expires_at.
CREATE TABLE sync_data (
  id INTEGER PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL,
  store_id INTEGER NOT NULL,
  data_type TEXT NOT NULL CHECK (data_type IN ('blob', 'tree', 'commit', 'metadata')),
  hash TEXT NOT NULL,
  size INTEGER NOT NULL,
  -- Base64; NULL when the bytes are in sync_chunks.
  data TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE (store_id, data_type, hash),
  FOREIGN KEY (store_id, user_id) REFERENCES stores (id, user_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX sync_data_by_expiry ON sync_data (expires_at);
-- Pieces of objects too large for one row, appended in order.
CREATE TABLE sync_chunks (
  id INTEGER PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL,
  store_id INTEGER NOT NULL,
  data_type TEXT NOT NULL,
  hash TEXT NOT NULL,
  size INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  len INTEGER NOT NULL,
  data TEXT NOT NULL,
  -- NULL once the object is whole: then the pieces live as long as its row in sync_data.
  expires_at INTEGER,
  UNIQUE (store_id, data_type, hash, "offset"),
  FOREIGN KEY (store_id, user_id) REFERENCES stores (id, user_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX sync_chunks_by_expiry ON sync_chunks (expires_at);
CREATE TRIGGER sync_data_added AFTER INSERT ON sync_data BEGIN
  UPDATE usage SET bytes = bytes + iif(NEW.data IS NULL, 0, NEW.size), objects = objects + 1
  WHERE user_id = NEW.user_id;
END;
CREATE TRIGGER sync_data_removed AFTER DELETE ON sync_data BEGIN
  UPDATE usage SET bytes = bytes - iif(OLD.data IS NULL, 0, OLD.size), objects = objects - 1
  WHERE user_id = OLD.user_id;
  DELETE FROM sync_chunks WHERE OLD.data IS NULL
    AND store_id = OLD.store_id AND data_type = OLD.data_type AND hash = OLD.hash;
END;
CREATE TRIGGER sync_chunks_added AFTER INSERT ON sync_chunks BEGIN
  UPDATE usage SET bytes = bytes + NEW.len WHERE user_id = NEW.user_id;
END;
CREATE TRIGGER sync_chunks_removed AFTER DELETE ON sync_chunks BEGIN
  UPDATE usage SET bytes = bytes - OLD.len WHERE user_id = OLD.user_id;
END;
