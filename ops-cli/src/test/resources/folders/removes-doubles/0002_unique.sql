DELETE FROM tags WHERE id NOT IN (SELECT min(id) FROM tags GROUP BY post, word);
CREATE UNIQUE INDEX tags_once ON tags (post, word);
