INSERT OR IGNORE INTO plans (code, cents) VALUES ('free', 0), ('pro', 900), ('team; yearly', 9900);
