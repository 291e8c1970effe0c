DROP INDEX logs_at;
CREATE INDEX logs_level_at ON logs (level, at);
DROP VIEW IF EXISTS errors;
CREATE VIEW errors AS SELECT id, at, level FROM logs WHERE level IN ('error', 'fatal');
