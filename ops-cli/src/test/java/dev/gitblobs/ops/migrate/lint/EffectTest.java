package dev.gitblobs.ops.migrate.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.file.MigrationFolder;
import dev.gitblobs.ops.migrate.sql.SqlStatement;
import dev.gitblobs.ops.migrate.sql.SqlStatements;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What rebuilds, replacements and the like do to a database with rows. */
final class EffectTest {
  private static final String SHOP =
      """
      CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, tier TEXT NOT NULL
        DEFAULT 'basic' CHECK (tier IN ('basic', 'gold')));
      CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL
        REFERENCES customers (id) ON DELETE CASCADE, total REAL NOT NULL CHECK (total >= 0));
      CREATE TABLE items (order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
        place INTEGER NOT NULL, what TEXT, PRIMARY KEY (order_id, place)) WITHOUT ROWID;
      CREATE TABLE visits (id INTEGER PRIMARY KEY, customer_id INTEGER
        REFERENCES customers (id) ON DELETE SET NULL);
      CREATE TABLE cards (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL UNIQUE
        REFERENCES customers (id));
      """;

  private static final String NEW_CUSTOMERS =
      """
      PRAGMA defer_foreign_keys = on;
      CREATE TABLE customers_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, tier TEXT NOT NULL
        DEFAULT 'basic' CHECK (tier IN ('basic', 'gold', 'platinum')));
      INSERT INTO customers_new SELECT id, name, tier FROM customers;
      """;

  private static final String SWAP =
      "DROP TABLE customers;\nALTER TABLE customers_new RENAME TO customers;\n";

  private static final String WITHOUT_CARDS = SHOP.substring(0, SHOP.indexOf("CREATE TABLE cards"));

  @Test
  void refusesTheRebuildOfAParentAndNamesEveryChildWithItsRows() {
    assertThat(errors(WITHOUT_CARDS, NEW_CUSTOMERS + SWAP))
        .extracting(Finding::ruleId, Finding::line)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("rows-cascaded", 5),
            org.assertj.core.groups.Tuple.tuple("rows-cascaded", 5),
            org.assertj.core.groups.Tuple.tuple("references-cleared", 5));
    assertThat(errors(WITHOUT_CARDS, NEW_CUSTOMERS + SWAP))
        .extracting(Finding::message)
        .anyMatch(text -> text.contains("rows of orders") && text.contains("3 of 3 sample rows"))
        .anyMatch(text -> text.contains("rows of items"))
        .anyMatch(text -> text.contains("visits (customer_id)"));
  }

  @Test
  void neverAdvisesToDeferForeignKeys() {
    for (Rule rule : Rule.values()) {
      assertThat(rule.why()).doesNotContain("defer_foreign_keys");
    }
    for (Finding finding : errors(WITHOUT_CARDS, NEW_CUSTOMERS + SWAP)) {
      assertThat(String.join(" ", finding.remedy())).doesNotContain("defer_foreign_keys");
    }
  }

  @Test
  void showsAWayForParentsThatLosesNothingWhenItIsRun() {
    List<Finding> found = errors(WITHOUT_CARDS, NEW_CUSTOMERS + SWAP);
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    for (Finding finding : found) {
      before.add(finding.remedy().get(1));
      after.addAll(finding.remedy().subList(3, finding.remedy().size()));
    }
    String safe =
        NEW_CUSTOMERS + String.join("\n", before) + "\n" + SWAP + String.join("\n", after);
    assertThat(errors(WITHOUT_CARDS, safe)).as(safe).isEmpty();
  }

  @Test
  void refusesTheRebuildOfAParentWhoseChildrenDoNotCascadeAndShowsHowD1CommitsIt() {
    String shop =
        WITHOUT_CARDS.replace(" ON DELETE CASCADE", "").replace(" ON DELETE SET NULL", "");
    shop = shop.substring(0, shop.indexOf("CREATE TABLE items"));
    List<Finding> found = errors(shop, NEW_CUSTOMERS + SWAP);
    assertThat(found).extracting(Finding::ruleId).containsExactly("fails-on-rows");
    List<String> lines = found.get(0).remedy();
    assertThat(lines).hasSize(6);
    String safe = lines.get(1) + lines.get(2) + NEW_CUSTOMERS + SWAP + lines.get(4) + lines.get(5);
    assertThat(errors(shop, safe)).as(safe).isEmpty();
  }

  @Test
  void showsAWriteThatReplacesNothingWhichLeavesTheRowAsItIs() throws Exception {
    String base =
        "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL, note TEXT);"
            + "CREATE TABLE uses (id INTEGER PRIMARY KEY, name TEXT NOT NULL REFERENCES settings"
            + " (name) ON DELETE CASCADE);";
    String replace = "INSERT OR REPLACE INTO settings (name, value) VALUES ('theme', 'dark');";
    List<Finding> found = errors(base, replace);
    assertThat(found).extracting(Finding::ruleId).contains("rows-replaced");
    String safe =
        found.stream()
            .filter(finding -> finding.ruleId().equals("rows-replaced"))
            .findFirst()
            .orElseThrow()
            .remedy()
            .get(1)
            .replace("(...)", "('theme', 'dark', NULL)");
    assertThat(errors(base, safe)).as(safe).isEmpty();
    List<String> rows =
        List.of(
            "INSERT INTO settings VALUES ('theme', 'light', 'mine')",
            "INSERT INTO uses VALUES (1, 'theme')");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA foreign_keys = on");
      for (SqlStatement one : SqlStatements.split(base + String.join(";", rows) + ";" + safe)) {
        statement.executeUpdate(one.text());
      }
      try (ResultSet row = statement.executeQuery("SELECT value || note FROM settings, uses")) {
        assertThat(row.getString(1)).isEqualTo("lightmine");
      }
    }
  }

  @Test
  void showsTheViewThatIsDroppedSoThatItCanBeMadeAgain() {
    String base =
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT); CREATE VIEW v AS SELECT b FROM a;";
    String rebuild =
        """
        CREATE TABLE n (id INTEGER PRIMARY KEY, b TEXT, c TEXT);
        INSERT INTO n (id, b) SELECT id, b FROM a;
        DROP VIEW v;
        DROP TABLE a;
        ALTER TABLE n RENAME TO a;
        """;
    List<Finding> found = errors(base, rebuild);
    assertThat(found).extracting(Finding::ruleId).containsExactly("view-lost");
    assertThat(errors(base, rebuild + found.get(0).remedy().get(1))).isEmpty();
  }

  @Test
  void showsTheIndexAndTheTriggerThatARebuildForgetsSoThatItCanMakeThemAgain() {
    String base =
        """
        CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT);
        CREATE INDEX a_b ON a (b);
        CREATE TRIGGER a_t AFTER DELETE ON a BEGIN SELECT 1; END;""";
    String rebuild =
        """
        CREATE TABLE n (id INTEGER PRIMARY KEY, b TEXT, c TEXT);
        INSERT INTO n (id, b) SELECT id, b FROM a;
        DROP TABLE a;
        ALTER TABLE n RENAME TO a;
        """;
    List<Finding> found = errors(base, rebuild);
    assertThat(found).extracting(Finding::ruleId).containsExactly("index-lost", "trigger-lost");
    String again = found.get(0).remedy().get(1) + "\n" + found.get(1).remedy().get(1);
    assertThat(errors(base, rebuild + again)).isEmpty();
  }

  @Test
  void showsTheCopyThatARebuildForgets() {
    String base = "CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT);";
    String create = "CREATE TABLE n (id INTEGER PRIMARY KEY, b TEXT, c TEXT);\n";
    String swap = "DROP TABLE a;\nALTER TABLE n RENAME TO a;";
    List<Finding> found = errors(base, create + swap);
    assertThat(found).extracting(Finding::ruleId).containsExactly("rows-not-copied");
    String copy = found.get(0).remedy().get(1).replace("NEW", "n") + "\n";
    assertThat(errors(base, create + copy + swap)).isEmpty();
  }

  @Test
  void namesWhatARebuildChangesInColumnsAndConstraints() {
    String base =
        "CREATE TABLE p (id INTEGER PRIMARY KEY);\n"
            + "CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT, c TEXT DEFAULT 'x', d TEXT UNIQUE,"
            + " e INTEGER CHECK (e > 0), f INTEGER REFERENCES p (id), g TEXT NOT NULL);";
    String rebuild =
        "CREATE TABLE n (id INTEGER PRIMARY KEY, b TEXT NOT NULL, c TEXT, d TEXT, e TEXT,"
            + " f INTEGER, g TEXT);\n"
            + "INSERT INTO n SELECT * FROM a;\nDROP TABLE a;\nALTER TABLE n RENAME TO a;";
    assertThat(findings(base, rebuild))
        .extracting(Finding::ruleId)
        .contains("not-null-added", "default-lost", "changed-type", "constraint-changed")
        .contains("constraint-lost");
    assertThat(findings(base, rebuild).stream().map(Finding::message).toList().toString())
        .contains("UNIQUE (d)", "CHECK ( e > 0 )", "FOREIGN KEY (f) REFERENCES p");
  }

  @Test
  void warnsWhenACheckOfTheNewTableMayNotSuitARow() {
    String base = "CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT);";
    String rebuild =
        "CREATE TABLE n (id INTEGER PRIMARY KEY, b TEXT CHECK (b IN ('x', 'y')));\n"
            + "INSERT INTO n SELECT * FROM a;\nDROP TABLE a;\nALTER TABLE n RENAME TO a;";
    assertThat(findings(base, rebuild))
        .extracting(Finding::ruleId)
        .containsExactly("may-fail-on-rows");
  }

  @Test
  void refusesToReplaceAParentAndNamesItsChildren() {
    String replace = "INSERT OR REPLACE INTO customers (id, name) VALUES (1, 'new');";
    assertThat(errors(SHOP, replace).stream().map(Finding::message).toList().toString())
        .contains("rows of orders")
        .contains("ON DELETE CASCADE");
    String upsert =
        "INSERT INTO customers (id, name) VALUES (1, 'new') ON CONFLICT (id) DO NOTHING;";
    assertThat(errors(SHOP, upsert)).isEmpty();
  }

  @Test
  void refusesToOverwriteValuesAlsoWhenTheSampleHoldsWhatIsWritten() {
    String base =
        "CREATE TABLE a (id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('x', 'y')));";
    for (String write :
        List.of(
            "UPDATE a SET kind = 'x' WHERE id > 2;",
            "UPDATE a SET kind = 'y' WHERE id > 2;",
            "INSERT INTO a VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET kind = excluded.kind;",
            "INSERT INTO a VALUES (1, 'y') ON CONFLICT (id) DO UPDATE SET kind = excluded.kind;",
            "UPDATE a SET kind = lower(kind) WHERE id > 2;")) {
      String schema =
          write.contains("lower") ? base.replace(" CHECK (kind IN ('x', 'y'))", "") : base;
      assertThat(errors(schema, write)).as(write).isNotEmpty();
    }
  }

  @Test
  void letsABackfillWriteOnlyWhereNothingIs() {
    String base =
        "CREATE TABLE p (id INTEGER PRIMARY KEY);"
            + "CREATE TABLE a (id INTEGER PRIMARY KEY, kind TEXT CHECK (kind IN ('x', 'y')),"
            + " p_id INTEGER REFERENCES p (id));";
    for (String write :
        List.of(
            "UPDATE a SET kind = 'x' WHERE kind IS NULL;",
            "UPDATE a SET kind = coalesce(kind, 'x');",
            "UPDATE a SET kind = CASE WHEN kind IS NULL THEN 'x' ELSE kind END WHERE id > 2;",
            "UPDATE a SET p_id = 1 WHERE p_id IS NULL;",
            "ALTER TABLE a ADD COLUMN n TEXT; UPDATE a SET n = kind;")) {
      assertThat(errors(base, write)).as(write).isEmpty();
    }
  }

  @Test
  void letsPendingFilesTakeAwayWhatTheyMakeThemselves() {
    List<Migration> files =
        List.of(
            file(1, SHOP + "INSERT INTO customers (name) VALUES ('ada');"),
            file(
                2,
                "DELETE FROM customers; DROP TABLE items; ALTER TABLE orders DROP COLUMN total;"));
    assertThat(errorsOf(Linter.lint(files, 0, true, Set.of()))).isEmpty();
    assertThat(errorsOf(Linter.lint(files, 0))).isNotEmpty();
  }

  @Test
  void fillsTablesThatReferToEachOtherAndHaveDemandingChecks() {
    String base =
        """
        CREATE TABLE a (id TEXT PRIMARY KEY CHECK (length(id) = 26), b_id INTEGER NOT NULL
          REFERENCES b (id), kind TEXT CHECK (kind GLOB 'k_[0-9]*'), data TEXT CHECK (json_valid(data)),
          low INTEGER, high INTEGER, CHECK (low < high));
        CREATE TABLE b (id INTEGER PRIMARY KEY, a_id TEXT REFERENCES a (id), parent INTEGER
          REFERENCES b (id), up TEXT GENERATED ALWAYS AS (upper(a_id)) STORED);
        """;
    assertThat(errors(base, "DELETE FROM a WHERE 1;"))
        .extracting(Finding::ruleId)
        .allMatch(rule -> rule.equals("rows-deleted") || rule.equals("fails-on-rows"))
        .isNotEmpty();
  }

  @Test
  void findsNothingInTheRelaysOwnMigrations() {
    List<Migration> own =
        new MigrationFolder(LocalCloudflare.root().resolve("migrations"), null).read();
    assertThat(Linter.lint(own, 0)).isEmpty();
  }

  private static List<Finding> findings(String base, String sql) {
    return Linter.lint(Arrays.asList(file(1, base), file(2, sql)), 1, true, Set.of());
  }

  private static List<Finding> errors(String base, String sql) {
    return errorsOf(findings(base, sql));
  }

  private static List<Finding> errorsOf(List<Finding> findings) {
    return findings.stream().filter(Finding::isError).toList();
  }

  private static Migration file(int number, String sql) {
    return Migration.of(Path.of("000" + number + "_x.sql"), sql);
  }
}
