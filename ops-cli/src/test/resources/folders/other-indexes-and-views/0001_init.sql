CREATE TABLE logs (id INTEGER PRIMARY KEY, at INTEGER, level TEXT);
CREATE INDEX logs_at ON logs (at);
CREATE VIEW errors AS SELECT * FROM logs WHERE level = 'error';
