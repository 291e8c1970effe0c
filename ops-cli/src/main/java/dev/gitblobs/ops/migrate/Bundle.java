package dev.gitblobs.ops.migrate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.lint.Linter;
import dev.gitblobs.ops.migrate.sql.SchemaChange;
import dev.gitblobs.ops.migrate.sql.SchemaChanges;
import dev.gitblobs.ops.migrate.sql.ServerSplitting;
import dev.gitblobs.ops.migrate.sql.SqlStatement;
import java.util.ArrayList;
import java.util.List;

/**
 * Migrations that go into one call and one transaction. Many small definitions share one, since the
 * way to the database and back is what costs; whatever depends on how many rows there are goes
 * alone, so that the time limit of a call (30 s on D1) is its own, and so does what the lint calls
 * risky, so that the bookmark from before it undoes nothing else before it.
 *
 * @param migrations what goes together, in order; at least one
 */
record Bundle(List<Migration> migrations) {
  /** Bounds what one transaction holds; D1 publishes no number of its own. */
  static final int MAX_STATEMENTS = 500;

  /** Well below what an API call may carry. */
  static final int MAX_BYTES = 500_000;

  Bundle {
    migrations = List.copyOf(migrations);
  }

  /** Packs migrations, keeping their order. */
  static List<Bundle> pack(List<Migration> migrations) {
    List<Bundle> bundles = new ArrayList<>();
    List<Migration> open = new ArrayList<>();
    int statements = 0;
    int bytes = 0;
    for (Migration next : migrations) {
      boolean fits =
          statements + next.statements().size() <= MAX_STATEMENTS
              && bytes + size(next) <= MAX_BYTES;
      if (!open.isEmpty() && !(fits && isQuick(next) && isQuick(open.get(0)))) {
        bundles.add(new Bundle(open));
        open.clear();
        statements = 0;
        bytes = 0;
      }
      open.add(next);
      statements += next.statements().size();
      bytes += size(next);
    }
    if (!open.isEmpty()) {
      bundles.add(new Bundle(open));
    }
    return bundles;
  }

  /**
   * Whether it is too much for a call, or could be cut there, and has to be imported; then it is
   * one migration.
   */
  boolean needsImport() {
    return migrations.size() == 1
        && (migrations.get(0).statements().size() > MAX_STATEMENTS
            || size(migrations.get(0)) > MAX_BYTES
            || mayBeCut(migrations.get(0)));
  }

  private static boolean mayBeCut(Migration migration) {
    return migration.statements().stream().anyMatch(ServerSplitting::mayCut);
  }

  /** All statements, in order. */
  List<SqlStatement> statements() {
    return migrations.stream().flatMap(migration -> migration.statements().stream()).toList();
  }

  private static int size(Migration migration) {
    return migration.sql().getBytes(UTF_8).length;
  }

  /** A PRAGMA is not quick either: it would hold for the rest of the transaction. */
  private static boolean isQuick(Migration migration) {
    return !Linter.isRisky(migration)
        && !mayBeCut(migration)
        && migration.statements().stream()
            .map(SchemaChanges::of)
            .noneMatch(
                change ->
                    change instanceof SchemaChange.Other || change instanceof SchemaChange.Pragma);
  }
}
