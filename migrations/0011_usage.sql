-- What a user has stored also counts the lists of pushes, and each event: without a limit they could fill the database.
ALTER TABLE push_parts ADD COLUMN user_id TEXT;
UPDATE push_parts SET user_id = (SELECT user_id FROM stores WHERE id = store_id);
CREATE TRIGGER push_parts_added AFTER INSERT ON push_parts BEGIN
  UPDATE usage SET bytes = bytes + length(NEW.objects) WHERE user_id = NEW.user_id;
END;
CREATE TRIGGER push_parts_removed AFTER DELETE ON push_parts BEGIN
  UPDATE usage SET bytes = bytes - length(OLD.objects) WHERE user_id = OLD.user_id;
END;
-- An event counts 256 bytes besides its body: about what its row and its entries in the indexes take.
CREATE TRIGGER events_added AFTER INSERT ON events BEGIN
  UPDATE usage SET bytes = bytes + 256 WHERE user_id = NEW.user_id;
END;
CREATE TRIGGER events_removed AFTER DELETE ON events BEGIN
  UPDATE usage SET bytes = bytes - 256 WHERE user_id = OLD.user_id;
END;
-- lint:allow values-overwritten reason=a sum is brought up to date; its parts are not touched
UPDATE usage SET bytes = bytes
  + (SELECT coalesce(sum(length(p.objects)), 0) FROM push_parts AS p WHERE p.user_id = usage.user_id)
  + (SELECT 256 * count(*) FROM events AS e WHERE e.user_id = usage.user_id);
