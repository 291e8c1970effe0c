CREATE TABLE events (id INTEGER PRIMARY KEY, data TEXT NOT NULL CHECK (json_valid(data)));
