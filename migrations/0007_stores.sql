-- One database of one user, and where its history stands.
CREATE TABLE stores (
  -- Random, below 2^53, never used again: it names the hub, which must never be another store's.
  id INTEGER PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  -- Changes when the data was put back in time.
  epoch TEXT NOT NULL,
  -- Number, time and expiry of the newest event; kept by a trigger on events.
  head INTEGER NOT NULL DEFAULT 0,
  last_at INTEGER NOT NULL DEFAULT 0,
  last_expires_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  UNIQUE (user_id, name),
  UNIQUE (id, user_id)
) STRICT;
-- What a user has stored, over all stores: always the sum of the rows, as triggers keep it.
CREATE TABLE usage (
  user_id TEXT PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  bytes INTEGER NOT NULL DEFAULT 0,
  objects INTEGER NOT NULL DEFAULT 0
) STRICT;
-- How many sockets each hub holds, written by the hub itself.
CREATE TABLE hub_sockets (
  store_id INTEGER PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL,
  sockets INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  FOREIGN KEY (store_id, user_id) REFERENCES stores (id, user_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX hub_sockets_by_user ON hub_sockets (user_id);
