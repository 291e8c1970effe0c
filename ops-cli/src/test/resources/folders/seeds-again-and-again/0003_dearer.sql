INSERT INTO plans (code, cents) VALUES ('pro', 1200) ON CONFLICT (code) DO UPDATE SET cents = excluded.cents;
