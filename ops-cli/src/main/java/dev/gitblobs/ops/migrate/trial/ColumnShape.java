package dev.gitblobs.ops.migrate.trial;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table.
 *
 * @param name as written
 * @param type its declared type, upper case; empty when there is none
 * @param isNotNull whether it refuses NULL
 * @param defaultText the expression behind DEFAULT
 * @param keyPart its place in the primary key, from 1; 0 when it is not in it
 * @param isGenerated whether it is computed
 */
record ColumnShape(
    String name,
    String type,
    boolean isNotNull,
    @Nullable String defaultText,
    int keyPart,
    boolean isGenerated) {

  /** How SQLite stores what is put into it (https://www.sqlite.org/datatype3.html). */
  enum Affinity {
    INTEGER,
    TEXT,
    BLOB,
    REAL,
    NUMERIC
  }

  /** Its name as SQLite compares names. */
  String key() {
    return name.toLowerCase(Locale.ROOT);
  }

  Affinity affinity() {
    if (type.contains("INT")) {
      return Affinity.INTEGER;
    }
    if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
      return Affinity.TEXT;
    }
    if (type.isEmpty() || type.contains("BLOB") || type.equals("ANY")) {
      return Affinity.BLOB;
    }
    return type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB")
        ? Affinity.REAL
        : Affinity.NUMERIC;
  }
}
