INSERT INTO plans (code, cents) VALUES ('edu', 100) ON CONFLICT (code) DO NOTHING;
