CREATE TABLE kept_offers AS SELECT * FROM offers;
CREATE TABLE new_shops (id INTEGER PRIMARY KEY, name TEXT, town TEXT);
INSERT INTO new_shops (id, name) SELECT id, name FROM shops;
DROP TABLE shops;
ALTER TABLE new_shops RENAME TO shops;
INSERT INTO offers (id, shop_id, cents) SELECT id, shop_id, cents FROM kept_offers;
DROP TABLE kept_offers;
