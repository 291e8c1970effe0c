CREATE TRIGGER docs_touch
AFTER UPDATE ON docs
FOR EACH ROW
WHEN NEW.updated_at = OLD.updated_at
BEGIN
  UPDATE docs SET updated_at = CURRENT_TIMESTAMP WHERE id = OLD.id;
END;
