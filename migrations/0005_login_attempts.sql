-- Failed logins in a row, per (account, network) and per network. An attempt counts before its password is hashed, so
-- parallel guesses cannot slip past the limit; a success takes its count back.
CREATE TABLE login_attempts (
  bucket TEXT PRIMARY KEY NOT NULL,
  failures INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX login_attempts_by_expiry ON login_attempts (expires_at);
