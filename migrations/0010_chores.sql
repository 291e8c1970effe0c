-- When the relay's recurring work was last done to its end, by the clock or because somebody asked.
CREATE TABLE chores (
  name TEXT PRIMARY KEY NOT NULL CHECK (name IN ('cleanup')),
  done_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
