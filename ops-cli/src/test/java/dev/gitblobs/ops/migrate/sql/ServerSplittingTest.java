package dev.gitblobs.ops.migrate.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server's own splitting could cut. */
final class ServerSplittingTest {
  private static boolean mayCut(String sql) {
    return ServerSplitting.mayCut(SqlStatements.split(sql).get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT CASE WHEN 1 THEN 2 END; END;",
        "CREATE TRIGGER g AFTER INSERT ON t WHEN CASE NEW.a WHEN 1 THEN 1 END BEGIN SELECT 1; END;",
        "CREATE TRIGGER g AFTER INSERT ON t begin SELECT 1; end;",
        "create trigger g after insert on t begin select 1; end;",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 'a; END;'; END;",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT \"end\" FROM t; END;",
        "CREATE TRIGGER [begin] AFTER INSERT ON t BEGIN SELECT 1; END;",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 'a\r\nb'; END;",
        "CREATE TABLE [a;b] (c)",
        "CREATE INDEX `a;b` ON t (c)",
      })
  void seesWhatLooksLikeAnEndAndIsNone(String sql) {
    assertThat(mayCut(sql)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TRIGGER g AFTER INSERT ON t\r\nBEGIN\r\n  DELETE FROM u;\r\nEND;",
        "CREATE TRIGGER IF NOT EXISTS g AFTER UPDATE ON t BEGIN SELECT 1; SELECT 2; END;",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; /* the end; */ END;",
        "INSERT INTO t VALUES ('a;b', 'BEGIN')",
        "UPDATE t SET a = CASE WHEN b THEN 1 END",
        "select 1",
      })
  void letsPassWhatHasOneEndOnly(String sql) {
    assertThat(mayCut(sql)).isFalse();
  }
}
