package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.NO_PATIENCE;
import static dev.gitblobs.ops.migrate.Databases.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Triggers of shapes that servers were seen to cut: they arrive whole on D1, and they work. */
final class D1TriggersIT {
  private static final Map<String, String> BODIES = new LinkedHashMap<>();

  static {
    BODIES.put("plain", "BEGIN INSERT INTO log VALUES ('plain'); END");
    BODIES.put("two", "BEGIN INSERT INTO log VALUES ('x'); UPDATE log SET a = 'two'; END");
    BODIES.put("crlf", "\r\nBEGIN\r\n  INSERT INTO log VALUES ('crlf');\r\nEND");
    BODIES.put(
        "nested",
        "BEGIN INSERT INTO log VALUES (CASE WHEN NEW.a > 0 THEN 'nested' ELSE CASE NEW.a WHEN 0"
            + " THEN 'zero' END END); END");
    BODIES.put(
        "last",
        "BEGIN INSERT INTO log VALUES ('last'); SELECT CASE WHEN NEW.a < 0 THEN RAISE(ABORT, 'no')"
            + " END; END");
    BODIES.put("lower", "begin insert into log values ('lower'); end");
    BODIES.put("text", "BEGIN INSERT INTO log VALUES ('text'); SELECT 'END; -- /* BEGIN'; END");
    BODIES.put(
        "remark", "BEGIN -- not the END;\n INSERT INTO log VALUES ('remark'); /* END; */ END");
    BODIES.put(
        "when", "WHEN NEW.a = CASE WHEN 1 THEN 1 END BEGIN INSERT INTO log VALUES ('when'); END");
    BODIES.put("name", "BEGIN INSERT INTO log SELECT 'name' AS \"end; begin\"; END");
  }

  @Test
  void arriveWholeAndFire() {
    LocalCloudflare cloudflare = LocalCloudflare.shared();
    for (Map.Entry<String, String> shape : BODIES.entrySet()) {
      SqlDatabase database =
          D1Place.open(cloudflare, D1Place.create(cloudflare, "trigger-" + shape.getKey()));
      List<Step> steps = new ArrayList<>();
      Migrator.Watcher watcher =
          new Migrator.Watcher() {
            @Override
            public void at(Step step) {
              steps.add(step);
            }
          };
      new Migrator(database, Databases.AUTHOR, watcher)
          .up(
              List.of(
                  file(1, "CREATE TABLE t (a INTEGER); CREATE TABLE log (a TEXT);"),
                  file(
                      2,
                      "CREATE TRIGGER g AFTER INSERT ON t "
                          + shape.getValue()
                          + ";\nCREATE INDEX i ON log (a);")),
              NO_PATIENCE);

      database.batch(List.of(new Statement("INSERT INTO t VALUES (1)")));
      assertThat(Databases.texts(database, "SELECT a FROM log"))
          .as(shape.getValue())
          .containsExactly(shape.getKey());
      boolean isPlain = List.of("plain", "two", "crlf", "remark").contains(shape.getKey());
      assertThat(steps.contains(Step.IMPORT_INGESTED)).as(shape.getKey()).isEqualTo(!isPlain);
    }
  }
}
