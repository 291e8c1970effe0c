INSERT OR REPLACE INTO plans (code, cents) VALUES ('free', 0), ('pro', 900);
