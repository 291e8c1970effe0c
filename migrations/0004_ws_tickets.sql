-- One-time tickets with which a browser opens its socket. Using one deletes its row.
CREATE TABLE ws_tickets (
  ticket_hash TEXT PRIMARY KEY NOT NULL,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  -- The Origin that asked; NULL when there was none. The upgrade must come from the same.
  origin TEXT,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ws_tickets_by_expiry ON ws_tickets (expires_at);
CREATE INDEX ws_tickets_by_session ON ws_tickets (session_id);
