import { decodeList } from "./object-list.ts";
import { listPacks, readLists, type PackRow, type Scope } from "./pack-table.ts";
import { Stock, type Pack } from "./stock.ts";

/** Packs listed by one query, and bytes of lists read by one: far below D1's 50 MB. */
const packsPerPage = 20_000;
const listBytes = 8_000_000;
/** About what a name takes in a list, and what a row adds. */
const nameBytes = 72;
const rowBytes = 128;

/** Makes a store's stock from the database: the number of queries follows the size of the lists, not that of the store. */
export async function loadStock(db: D1Database, scope: Scope, seed: number): Promise<Stock> {
  const stock = new Stock(seed);
  let last: PackRow | undefined;
  for (;;) {
    const page = await listPacks(db, scope, last, packsPerPage).all<PackRow>();
    for (const rows of slicesOf(page.results)) await takeIn(stock, db, scope, rows);
    last = page.results.at(-1);
    if (page.results.length < packsPerPage) return stock;
  }
}

function* slicesOf(rows: readonly PackRow[]): Generator<readonly PackRow[]> {
  let slice: PackRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = rowBytes + row.objects * nameBytes;
    if (slice.length > 0 && bytes + size > listBytes) {
      yield slice;
      slice = [];
      bytes = 0;
    }
    slice.push(row);
    bytes += size;
  }
  if (slice.length > 0) yield slice;
}

async function takeIn(
  stock: Stock,
  db: D1Database,
  scope: Scope,
  rows: readonly PackRow[],
): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const { results } = await readLists(db, scope, ids).all<{ id: number; list: string }>();
  const lists = new Map(results.map(({ id, list }) => [id, list]));
  for (const row of rows) {
    const list = decodeList(lists.get(row.id) ?? "[]");
    const pack = packOf(row);
    if (pack.whole) stock.add(pack, list);
    else {
      const [only] = list;
      if (only !== undefined) stock.begin([only[0], only[1]], { pack, size: only[2] });
    }
  }
}

const packOf = (row: PackRow): Pack => ({
  id: row.id,
  objects: row.objects,
  bytes: row.bytes,
  expiresAt: row.expires_at,
  pushed: row.pushed === 1,
  whole: row.whole === 1,
  large: row.large === 1,
});
