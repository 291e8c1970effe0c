package dev.gitblobs.ops.migrate.lint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.sql.SchemaChange;
import dev.gitblobs.ops.migrate.sql.SchemaChanges;
import dev.gitblobs.ops.migrate.sql.SqlStatement;
import java.util.ArrayList;
import java.util.List;

/** What the words of one file tell alone; what it does to rows is tried. */
final class FileRules {
  /** https://developers.cloudflare.com/d1/platform/limits/: maximum SQL statement length. */
  private static final int MAX_STATEMENT_BYTES = 100_000;

  private final Migration migration;
  private final List<Finding> findings = new ArrayList<>();

  private FileRules(Migration migration) {
    this.migration = migration;
  }

  static List<Finding> check(Migration migration) {
    FileRules rules = new FileRules(migration);
    rules.checkFile();
    migration.statements().forEach(rules::checkStatement);
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

  private void checkStatement(SqlStatement statement) {
    int line = statement.line();
    if (statement.isOpen()) {
      add(Rule.UNCLOSED, line, statement.excerpt());
    }
    int bytes = statement.text().getBytes(UTF_8).length;
    if (bytes > MAX_STATEMENT_BYTES) {
      add(Rule.TOO_LONG, line, "The statement has " + bytes + " bytes: " + statement.excerpt());
    }
    SchemaChange change = SchemaChanges.of(statement);
    if (change instanceof SchemaChange.Transaction) {
      add(Rule.TRANSACTION, line, statement.excerpt());
    } else if (change instanceof SchemaChange.Forbidden) {
      add(Rule.FORBIDDEN, line, statement.excerpt());
    } else if (change instanceof SchemaChange.Pragma pragma
        && pragma.name().equals("foreign_keys")
        && statement.text().matches("(?is).*\\b(off|0|false|no)\\W*")) {
      add(Rule.FOREIGN_KEYS, line, "PRAGMA foreign_keys = off");
    }
  }

  private void add(Rule rule, int line, String what) {
    findings.add(new Finding(rule, migration, line, what));
  }
}
