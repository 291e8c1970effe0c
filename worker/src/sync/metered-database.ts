/** What was asked of the database: statements, as the platform counts queries, and rows read and written. */
export interface WorkDone {
  readonly statements: number;
  readonly rows: number;
}

/** Gets what each call took, once it is done. */
export type WorkMeter = (work: WorkDone, result: D1Result) => void;

/** A database that tells what each of its statements took; those of a batch one by one. */
export function meteredDatabase(db: D1Database, meter: WorkMeter): D1Database {
  const note = <T>(result: D1Result<T>): D1Result<T> => {
    const { rows_read, rows_written } = result.meta;
    meter({ statements: 1, rows: rows_read + rows_written }, result);
    return result;
  };
  const real = new WeakMap<object, D1PreparedStatement>();
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const metered = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      all: async () => note(await statement.all()),
      run: async () => note(await statement.run()),
      async first(column?: string) {
        const row = note(await statement.all()).results[0] ?? null;
        return column === undefined ? row : (row?.[column] ?? null);
      },
    } as unknown as D1PreparedStatement;
    real.set(metered, statement);
    return metered;
  };
  return {
    prepare: (sql: string) => wrap(db.prepare(sql)),
    async batch(statements: D1PreparedStatement[]) {
      const results = await db.batch(statements.map((one) => real.get(one) ?? one));
      for (const result of results) note(result);
      return results;
    },
  } as unknown as D1Database;
}
