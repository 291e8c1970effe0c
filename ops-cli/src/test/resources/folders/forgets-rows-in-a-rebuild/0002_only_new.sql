CREATE TABLE votes2 (id INTEGER PRIMARY KEY, poll INTEGER NOT NULL, choice TEXT, at INTEGER);
INSERT INTO votes2 (id, poll, choice) SELECT id, poll, choice FROM votes WHERE choice IS NOT NULL;
DROP TABLE votes;
ALTER TABLE votes2 RENAME TO votes;
