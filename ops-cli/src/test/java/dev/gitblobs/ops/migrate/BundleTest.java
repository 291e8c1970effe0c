package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.file;
import static dev.gitblobs.ops.migrate.Databases.tables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.ops.migrate.file.Migration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes into one call, and so into one transaction. */
final class BundleTest {
  private static List<Integer> sizes(List<Migration> migrations) {
    List<Bundle> bundles = Bundle.pack(migrations);
    assertThat(bundles.stream().flatMap(bundle -> bundle.migrations().stream()))
        .containsExactlyElementsOf(migrations);
    return bundles.stream().map(bundle -> bundle.migrations().size()).toList();
  }

  private static Migration statements(int number, int count) {
    return file(number, ("CREATE TABLE s" + number + " (a);\n").repeat(count));
  }

  /** One definition of so many bytes. */
  private static Migration bytes(int number, int count) {
    String sql = "CREATE TABLE b" + number + " (a)";
    return file(number, sql + " ".repeat(count - sql.length()));
  }

  @Test
  void manyDefinitionsShareOne() {
    assertThat(sizes(tables(9))).containsExactly(9);
    assertThat(sizes(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRAGMA defer_foreign_keys = on",
        "PRAGMA defer_foreign_keys = on; CREATE TABLE p (a)",
        "UPDATE t1 SET a = 1"
      })
  void aPragmaAndWhatDependsOnRowsGoAlone(String sql) {
    List<Migration> files = new ArrayList<>(tables(2));
    files.add(file(3, sql));
    files.add(file(4, "CREATE TABLE t4 (a)"));
    files.add(file(5, "CREATE TABLE t5 (a)"));
    assertThat(sizes(files)).containsExactly(2, 1, 2);
    assertThat(sizes(files.subList(2, 5))).containsExactly(1, 2);
  }

  @Test
  void aCallHoldsAsManyStatementsAsItMayAndNoMore() {
    assertThat(sizes(List.of(statements(1, 300), statements(2, 200)))).containsExactly(2);
    assertThat(sizes(List.of(statements(1, 300), statements(2, 201)))).containsExactly(1, 1);
    assertThat(sizes(List.of(statements(1, 300), statements(2, 201), statements(3, 299))))
        .containsExactly(1, 2);
  }

  @Test
  void aCallHoldsAsManyBytesAsItMayAndNoMore() {
    assertThat(sizes(List.of(bytes(1, 300_000), bytes(2, 200_000)))).containsExactly(2);
    assertThat(sizes(List.of(bytes(1, 300_000), bytes(2, 200_001)))).containsExactly(1, 1);
    assertThat(sizes(List.of(bytes(1, 300_000), bytes(2, 200_001), bytes(3, 299_999))))
        .containsExactly(1, 2);
  }

  @Test
  void whatIsTooLargeForACallIsImported() {
    assertThat(new Bundle(List.of(statements(1, 500))).needsImport()).isFalse();
    assertThat(new Bundle(List.of(statements(1, 501))).needsImport()).isTrue();
    assertThat(new Bundle(List.of(bytes(1, 500_000))).needsImport()).isFalse();
    assertThat(new Bundle(List.of(bytes(1, 500_001))).needsImport()).isTrue();
    assertThat(new Bundle(tables(2)).needsImport()).isFalse();
  }

  @Test
  void whatAServerMayCutIsImportedAlone() {
    String plain = "CREATE TRIGGER g AFTER INSERT ON t1 BEGIN DELETE FROM t2; END";
    Migration nested =
        file(3, "CREATE TRIGGER h AFTER INSERT ON t1 BEGIN SELECT CASE WHEN 1 THEN 2 END; END");
    List<Migration> files = new ArrayList<>(tables(2));
    files.add(nested);
    files.add(file(4, plain));
    assertThat(sizes(files)).containsExactly(2, 1, 1);
    assertThat(new Bundle(List.of(nested)).needsImport()).isTrue();
    assertThat(new Bundle(List.of(file(4, plain))).needsImport()).isFalse();
  }
}
