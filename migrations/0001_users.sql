-- Who may log in. Times are integer milliseconds since 1970 (UTC) in every table.
CREATE TABLE users (
  id TEXT PRIMARY KEY NOT NULL,
  -- Compared without regard to ASCII case, so "Alice" and "alice" cannot be two people.
  username TEXT NOT NULL UNIQUE COLLATE NOCASE,
  -- PHC string of scrypt, then an HMAC with the pepper.
  password_hash TEXT NOT NULL,
  -- Set for a one-time password: it must be changed, and cannot be used after this time.
  password_expires_at INTEGER,
  role TEXT NOT NULL CHECK (role IN ('user', 'admin')),
  -- Copied into each access token as `sv`: raising it refuses all tokens given out before.
  session_version INTEGER NOT NULL DEFAULT 1,
  disabled_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
