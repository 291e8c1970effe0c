package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.sql.DataChange;
import dev.gitblobs.ops.migrate.sql.SchemaChange;
import dev.gitblobs.ops.migrate.sql.SchemaChanges;
import dev.gitblobs.ops.migrate.sql.SqlStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One statement of the migrations that are tried.
 *
 * @param migration its file
 * @param statement it
 * @param schema what it does to the schema
 * @param data what it does to rows
 */
record Step(
    Migration migration, SqlStatement statement, SchemaChange schema, Optional<DataChange> data) {
  static List<Step> of(List<Migration> migrations) {
    List<Step> steps = new ArrayList<>();
    for (Migration migration : migrations) {
      for (SqlStatement statement : migration.statements()) {
        steps.add(
            new Step(migration, statement, SchemaChanges.of(statement), DataChange.of(statement)));
      }
    }
    return steps;
  }

  /** Index of the last step of that kind, or of the last step of all. */
  static int last(List<Step> steps, Predicate<SchemaChange> isIt) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (isIt.test(steps.get(i).schema())) {
        return i;
      }
    }
    return steps.size() - 1;
  }

  static boolean any(List<Step> steps, Predicate<SchemaChange> isIt) {
    return steps.stream().map(Step::schema).anyMatch(isIt);
  }

  /** Whether it takes nothing away, whatever rows there are. */
  boolean isHarmless() {
    boolean isDefinition =
        schema instanceof SchemaChange.CreateTable
            || schema instanceof SchemaChange.OtherDefinition
            || schema instanceof SchemaChange.Pragma;
    return isDefinition
        || statement.startsWith("SELECT")
        || statement.startsWith("ANALYZE")
        || statement.startsWith("REINDEX");
  }

  /** Whether rows that were there may be others after it. */
  boolean touchesRows() {
    return data.isPresent()
        || schema instanceof SchemaChange.DropTable
        || schema instanceof SchemaChange.RenameTable;
  }

  Loss loss(Loss.Kind kind, String table, String what) {
    return loss(kind, table, what, 0, 0, List.of());
  }

  Loss loss(Loss.Kind kind, String table, String what, int lost, int of, List<String> remedy) {
    return new Loss(kind, migration, statement.line(), table, what, lost, of, remedy);
  }
}
