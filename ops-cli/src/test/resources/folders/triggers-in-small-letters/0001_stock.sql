create table stock (sku text primary key, pieces integer not null);
create table moves (id integer primary key, sku text not null references stock (sku), kind text not null, n integer not null);
