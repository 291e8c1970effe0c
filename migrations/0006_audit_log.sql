-- What was done to the relay and by whom. Rows outlive the users they name, so nothing here refers to another table.
CREATE TABLE audit_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  -- 'user:<id>' or 'operator' (the bearer of ADMIN_TOKEN).
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT,
  detail TEXT NOT NULL DEFAULT '{}',
  request_id TEXT NOT NULL,
  ip_prefix TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_by_time ON audit_log (at);
