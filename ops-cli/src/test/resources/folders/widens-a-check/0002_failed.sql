CREATE TABLE jobs_new (id INTEGER PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('new', 'done', 'failed')));
INSERT INTO jobs_new SELECT * FROM jobs;
DROP TABLE jobs;
ALTER TABLE jobs_new RENAME TO jobs;
CREATE INDEX jobs_state ON jobs (state);
