create trigger moves_count after insert on moves begin
  update stock set pieces = pieces + case new.kind when 'in' then new.n else -new.n end where sku = new.sku;
  select case when (select pieces from stock where sku = new.sku) < 0 then raise(abort, 'sold out; sorry') end;
end;
