CREATE TABLE jobs (id INTEGER PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('new', 'done')));
CREATE INDEX jobs_state ON jobs (state);
