package dev.gitblobs.ops.migrate;

import dev.gitblobs.ops.migrate.file.Migration;

/** A migration that is too large for a call. */
final class LargeImport {
  static final int ROWS = Bundle.MAX_STATEMENTS + 1;

  private LargeImport() {}

  static Migration file() {
    return Databases.file(1, sql("t1"));
  }

  /** Makes that table with {@link #ROWS} rows. */
  static String sql(String table) {
    StringBuilder large = new StringBuilder("CREATE TABLE " + table + " (a);\n");
    for (int i = 0; i < ROWS; i++) {
      large.append("INSERT INTO " + table + " VALUES ('it''s; " + i + "');\n");
    }
    return large.toString();
  }
}
