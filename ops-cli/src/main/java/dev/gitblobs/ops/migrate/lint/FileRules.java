package dev.gitblobs.ops.migrate.lint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.sql.SchemaChange;
import dev.gitblobs.ops.migrate.sql.SchemaChanges;
import dev.gitblobs.ops.migrate.sql.SqlStatement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules that look at one file alone. */
final class FileRules {
  /** https://developers.cloudflare.com/d1/platform/limits/: maximum SQL statement length. */
  private static final int MAX_STATEMENT_BYTES = 100_000;

  private final Migration migration;
  private final List<Finding> findings = new ArrayList<>();

  /** Tables that this file makes: nobody uses them yet. */
  private final Set<String> created = new HashSet<>();

  /** Tables that this file drops and puts a new one in the place of. */
  private final Set<String> rebuilt = new HashSet<>();

  private boolean defersForeignKeys;

  private FileRules(Migration migration) {
    this.migration = migration;
  }

  static List<Finding> check(Migration migration) {
    FileRules rules = new FileRules(migration);
    rules.checkFile();
    List<SqlStatement> statements = migration.statements();
    rules.findRebuilds(statements.stream().map(SchemaChanges::of).toList());
    statements.forEach(rules::checkStatement);
    return rules.findings;
  }

  private void checkFile() {
    if (migration.statements().isEmpty()) {
      add(Rule.EMPTY, 1, "The file is empty");
    }
    if (migration.name().endsWith(".down.sql")) {
      add(Rule.DOWN_FILE, 1, "It is meant to undo a migration");
    }
  }

  /** A table is rebuilt when one made here is renamed to the name of one dropped here. */
  private void findRebuilds(List<SchemaChange> changes) {
    Map<String, String> newNames = new HashMap<>();
    Set<String> dropped = new HashSet<>();
    for (SchemaChange change : changes) {
      if (change instanceof SchemaChange.CreateTable create && create.isNew()) {
        newNames.put(create.table(), create.table());
      } else if (change instanceof SchemaChange.DropTable drop) {
        dropped.add(drop.table());
      } else if (change instanceof SchemaChange.RenameTable rename
          && newNames.containsKey(rename.table())
          && dropped.contains(rename.to())) {
        rebuilt.add(rename.to());
      }
    }
  }

  private void checkStatement(SqlStatement statement) {
    int line = statement.line();
    if (statement.isOpen()) {
      add(Rule.UNCLOSED, line, statement.excerpt());
    }
    int bytes = statement.text().getBytes(UTF_8).length;
    if (bytes > MAX_STATEMENT_BYTES) {
      add(Rule.TOO_LONG, line, "The statement has " + bytes + " bytes");
    }
    SchemaChange change = SchemaChanges.of(statement);
    checkLimits(change, line);
    checkRunningVersion(change, line);
  }

  private void checkLimits(SchemaChange change, int line) {
    if (change instanceof SchemaChange.Transaction transaction) {
      add(Rule.TRANSACTION, line, transaction.keyword());
    } else if (change instanceof SchemaChange.Forbidden forbidden) {
      add(Rule.FORBIDDEN, line, forbidden.keyword());
    } else if (change instanceof SchemaChange.Pragma pragma) {
      if (pragma.name().equals("foreign_keys")) {
        add(Rule.FOREIGN_KEYS, line, "PRAGMA foreign_keys");
      }
      defersForeignKeys |= pragma.name().equals("defer_foreign_keys");
    }
  }

  private void checkRunningVersion(SchemaChange change, int line) {
    if (change instanceof SchemaChange.CreateTable create) {
      if (create.isNew()) {
        created.add(create.table());
      }
    } else if (change instanceof SchemaChange.DropTable drop) {
      checkDrop(drop.table(), line);
    } else if (change instanceof SchemaChange.RenameTable rename) {
      if (created.remove(rename.table())) {
        created.add(rename.to());
      } else {
        add(Rule.RENAME, line, "It renames the table " + rename.table());
      }
    } else if (change instanceof SchemaChange.RenameColumn rename) {
      addUnlessNew(Rule.RENAME, line, rename.table(), "It renames the column " + rename.column());
    } else if (change instanceof SchemaChange.DropColumn drop) {
      addUnlessNew(Rule.DROP_COLUMN, line, drop.table(), "It drops the column " + drop.column());
    } else if (change instanceof SchemaChange.AddColumn add && add.isNotNull()) {
      if (!add.hasDefault()) {
        addUnlessNew(
            Rule.NOT_NULL, line, add.table(), "The column " + add.column() + " is NOT NULL");
      }
    } else if (change instanceof SchemaChange.CreateUniqueIndex index) {
      addUnlessNew(Rule.UNIQUE, line, index.table(), "The index " + index.index() + " is unique");
    }
  }

  private void checkDrop(String table, int line) {
    if (!rebuilt.contains(table)) {
      addUnlessNew(Rule.DROP_TABLE, line, table, "It drops the table " + table);
    } else if (!defersForeignKeys) {
      add(Rule.REBUILD, line, "It rebuilds the table " + table);
    }
  }

  private void addUnlessNew(Rule rule, int line, String table, String what) {
    if (!created.contains(table)) {
      add(rule, line, what);
    }
  }

  private void add(Rule rule, int line, String what) {
    findings.add(new Finding(rule, migration, line, what));
  }
}
