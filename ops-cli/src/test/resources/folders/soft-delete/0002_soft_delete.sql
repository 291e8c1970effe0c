ALTER TABLE users ADD COLUMN deleted_at INTEGER;
CREATE INDEX users_alive ON users (email) WHERE deleted_at IS NULL;
