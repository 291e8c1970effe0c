-- One row per login of a device. Refresh tokens are `<family>.<secret>`: the family stays for the session's life, the
-- secret changes at each use; only SHA-256 digests of both are kept.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  device TEXT NOT NULL,
  family_hash TEXT NOT NULL UNIQUE,
  token_hash TEXT NOT NULL,
  -- The refresh token used last, and its successor sealed under it: a client whose reply was lost gets the same
  -- successor again, for a short while.
  previous_token_hash TEXT,
  sealed_successor TEXT,
  rotated_at INTEGER,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  idle_expires_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  ip_prefix TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
