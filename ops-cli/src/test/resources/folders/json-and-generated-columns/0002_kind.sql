ALTER TABLE events ADD COLUMN kind TEXT GENERATED ALWAYS AS (data ->> '$.kind') VIRTUAL;
CREATE INDEX events_kind ON events (kind);
