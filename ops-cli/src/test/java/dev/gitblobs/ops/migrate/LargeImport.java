package dev.gitblobs.ops.migrate;

import dev.gitblobs.ops.migrate.file.Migration;

/** A migration that is too large for a call. */
final class LargeImport {
  static final int ROWS = Bundle.MAX_STATEMENTS + 1;

  private LargeImport() {}

  static Migration file() {
    StringBuilder large = new StringBuilder("CREATE TABLE t1 (a);\n");
    for (int i = 0; i < ROWS; i++) {
      large.append("INSERT INTO t1 VALUES ('it''s; ").append(i).append("');\n");
    }
    return Databases.file(1, large.toString());
  }
}
