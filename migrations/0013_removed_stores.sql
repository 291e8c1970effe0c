-- What is left of a store that was removed: that it was its owner's, so that a device that slept meanwhile is told so.
CREATE TABLE removed_stores (
  store_id INTEGER PRIMARY KEY NOT NULL,
  owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX removed_stores_by_owner ON removed_stores (owner_id, expires_at);
CREATE INDEX removed_stores_by_expiry ON removed_stores (expires_at);
