package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.LocalCloudflare.Answer;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D1Test {
  private LocalCloudflare cloudflare;

  @BeforeAll
  void start() {
    cloudflare = LocalCloudflare.shared();
  }

  @Test
  void tellsADatabaseExactlyAsItWasSet() {
    JsonNode created = create("exact", ",\"read_replication\":{\"mode\":\"disabled\"}").result();
    JsonNode read = cloudflare.get(database(created.get("uuid").asText())).result();
    assertThat(read.at("/read_replication/mode").asText()).isEqualTo("disabled");
    assertThat(read.get("name").asText()).isEqualTo("exact");
    assertThat(read.has("jurisdiction")).isFalse();
    assertThat(read.has("primary_location_hint")).isFalse();
  }

  @Test
  void answersNullReadReplicationThatWasNeverSetAndRefusesItBack() {
    String uuid = create("never-replicated", "").result().get("uuid").asText();
    assertThat(cloudflare.get(database(uuid)).result().get("read_replication").isNull()).isTrue();
    Answer refused = cloudflare.send("PUT", database(uuid), "{\"read_replication\":null}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errorCode()).isEqualTo(7400);
  }

  @Test
  void refusesASecondDatabaseOfTheSameName() {
    create("twice", "").expect(200);
    Answer second = create("twice", "");
    assertThat(second.status()).isEqualTo(400);
    assertThat(second.errorCode()).isEqualTo(7502);
  }

  @Test
  void runsSeveralStatementsOfOneTextEachWithItsResult() {
    String uuid = freshDatabase();
    JsonNode results =
        query(
                uuid,
                "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t(b) VALUES ('x;y');"
                    + " -- a comment; with a semicolon\n SELECT * FROM t;")
            .result();
    assertThat(results).hasSize(3);
    assertThat(results.at("/1/meta/changes").asInt()).isEqualTo(1);
    assertThat(results.at("/2/results/0/b").asText()).isEqualTo("x;y");
    assertThat(results.at("/2/success").asBoolean()).isTrue();
  }

  @Test
  void keepsATriggerInOnePiece() {
    String uuid = freshDatabase();
    String sql =
        """
        CREATE TABLE a(x); CREATE TABLE log(x);
        CREATE TRIGGER t AFTER INSERT ON a BEGIN
          INSERT INTO log VALUES (CASE WHEN new.x > 1 THEN 'big' ELSE 'small' END);
          INSERT INTO log VALUES ('second');
        END;
        INSERT INTO a VALUES (2);
        """;
    query(uuid, sql.replace("\n", "\r\n")).expect(200);
    JsonNode rows = query(uuid, "SELECT x FROM log").result().at("/0/results");
    assertThat(rows.findValuesAsText("x")).containsExactly("big", "second");
  }

  @Test
  void runsABatchAsOneTransaction() {
    String uuid = freshDatabase();
    query(uuid, "CREATE TABLE t(a UNIQUE)").expect(200);
    Answer failed =
        cloudflare.send(
            "POST",
            database(uuid) + "/query",
            "{\"batch\":[{\"sql\":\"INSERT INTO t VALUES (?)\",\"params\":[1]},"
                + "{\"sql\":\"INSERT INTO t VALUES (?)\",\"params\":[1]}]}");
    assertThat(failed.status()).isEqualTo(400);
    assertThat(failed.errorCode()).isEqualTo(7500);
    assertThat(failed.errorMessage()).contains("UNIQUE constraint failed: t.a");
    assertThat(query(uuid, "SELECT count(*) AS n FROM t").result().at("/0/results/0/n").asInt())
        .isZero();
  }

  @Test
  void answersRowsAndColumnsWhenAskedRaw() {
    String uuid = freshDatabase();
    JsonNode results =
        cloudflare
            .send(
                "POST",
                database(uuid) + "/raw",
                "{\"sql\":\"SELECT ? AS a, ? AS a\",\"params\":[\"x\",null]}")
            .result();
    assertThat(results.at("/0/results/columns").toString()).isEqualTo("[\"a\",\"a\"]");
    assertThat(results.at("/0/results/rows").toString()).isEqualTo("[[\"x\",null]]");
  }

  @Test
  void tellsSqliteMessageWithCode7500() {
    Answer failed = query(freshDatabase(), "SELECT * FROM missing");
    assertThat(failed.status()).isEqualTo(400);
    assertThat(failed.errorCode()).isEqualTo(7500);
    assertThat(failed.errorMessage()).contains("no such table: missing");
    assertThat(failed.response().headers().firstValue("x-should-retry")).contains("false");
  }

  @Test
  void findsADatabaseByName() {
    String uuid = create("by-name", "").result().get("uuid").asText();
    assertThat(cloudflare.get(database("by-name")).result().get("uuid").asText()).isEqualTo(uuid);
  }

  @Test
  void forgetsADeletedDatabase() {
    String uuid = create("short-lived", "").result().get("uuid").asText();
    query(uuid, "CREATE TABLE t(a)").expect(200);
    cloudflare.delete(database(uuid)).expect(200);
    Answer gone = cloudflare.get(database(uuid));
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.errorCode()).isEqualTo(7404);
  }

  @Test
  void listsByPageAndName() {
    create("list-a", "").expect(200);
    create("list-b", "").expect(200);
    JsonNode page =
        cloudflare
            .get(database("").replaceFirst("/$", "") + "?name=list-&per_page=1&page=2")
            .expect(200);
    assertThat(page.get("result")).hasSize(1);
    assertThat(page.at("/result_info/total_count").asInt()).isEqualTo(2);
  }

  @Test
  void servesAnUnboundDatabaseWithoutRestartingWorkerd() {
    freshDatabase();
    var before = workerd();
    query(freshDatabase(), "SELECT 1").expect(200);
    assertThat(workerd()).isEqualTo(before);
  }

  private java.util.Set<Long> workerd() {
    return cloudflare
        .process()
        .descendants()
        .map(ProcessHandle::pid)
        .collect(java.util.stream.Collectors.toSet());
  }

  private String freshDatabase() {
    return create("db-" + UUID.randomUUID(), "").result().get("uuid").asText();
  }

  private Answer create(String name, String more) {
    return cloudflare.send(
        "POST", cloudflare.account("/d1/database"), "{\"name\":\"" + name + "\"" + more + "}");
  }

  private Answer query(String uuid, String sql) {
    String json = "{\"sql\":" + com.fasterxml.jackson.databind.node.TextNode.valueOf(sql) + "}";
    return cloudflare.send("POST", database(uuid) + "/query", json);
  }

  private String database(String uuid) {
    return cloudflare.account("/d1/database/" + uuid);
  }
}
