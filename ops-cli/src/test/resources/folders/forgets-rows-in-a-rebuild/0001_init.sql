CREATE TABLE votes (id INTEGER PRIMARY KEY, poll INTEGER NOT NULL, choice TEXT);
CREATE UNIQUE INDEX votes_once ON votes (poll, choice);
