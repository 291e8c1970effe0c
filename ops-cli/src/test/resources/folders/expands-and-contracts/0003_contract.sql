-- lint:allow drop-column reason=no version reads it since May
ALTER TABLE users DROP COLUMN name;
