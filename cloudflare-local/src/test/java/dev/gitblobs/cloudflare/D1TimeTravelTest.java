package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.LocalCloudflare.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D1TimeTravelTest {
  private LocalCloudflare cloudflare;
  private String database = "";

  @BeforeAll
  void start(@TempDir Path state) {
    cloudflare = LocalCloudflare.start(state);
  }

  @AfterAll
  void stop() {
    cloudflare.close();
  }

  @BeforeEach
  void createDatabase(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    database =
        cloudflare
            .send("POST", cloudflare.account("/d1/database"), "{\"name\":\"" + name + "\"}")
            .result()
            .get("uuid")
            .asText();
    query("CREATE TABLE t(a TEXT); INSERT INTO t VALUES ('one')");
  }

  @Test
  void restoresToABookmarkAndBackAgain() {
    String before = bookmark();
    query("DELETE FROM t; CREATE TABLE later(x)");
    JsonNode restored = post("/time_travel/restore?bookmark=" + before, "").result();
    assertThat(restored.get("bookmark").asText()).isEqualTo(before);
    assertThat(rows()).isEqualTo("[{\"a\":\"one\"}]");
    String previous = restored.get("previous_bookmark").asText();
    post("/time_travel/restore?bookmark=" + previous, "").expect(200);
    assertThat(rows()).isEqualTo("[]");
    assertThat(query("SELECT * FROM later").toString()).isEqualTo("[]");
  }

  @Test
  void tellsTheSameBookmarkWhileNothingChanges() {
    String first = bookmark();
    assertThat(bookmark()).isEqualTo(first);
    query("INSERT INTO t VALUES ('two')");
    assertThat(bookmark()).isNotEqualTo(first);
  }

  @Test
  void findsTheBookmarkOfATime() {
    String first = bookmark();
    Instant then = Instant.now();
    query("INSERT INTO t VALUES ('two')");
    assertThat(bookmark()).isNotEqualTo(first);
    assertThat(
            cloudflare
                .get(path("/time_travel/bookmark?timestamp=" + then))
                .result()
                .get("bookmark")
                .asText())
        .isEqualTo(first);
  }

  /** Sixty copies of 2 MB of which one row changes: whole ones would come to 100 MB. */
  @Test
  void keepsWhatDidNotChangeOnce() throws Exception {
    query("INSERT INTO t VALUES (hex(randomblob(900000)))");
    String first = bookmark();
    for (int i = 0; i < 60; i++) {
      query("INSERT INTO t VALUES ('" + i + "')");
      bookmark();
    }
    Path kept = cloudflare.state().resolve("storage/d1-snapshots").resolve(database);
    try (Stream<Path> files = Files.walk(kept)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all.stream().filter(file -> file.toString().endsWith(".list"))).hasSize(50);
      assertThat(all.stream().mapToLong(file -> file.toFile().length()).sum())
          .isLessThan(10_000_000);
    }
    assertThat(post("/time_travel/restore?bookmark=" + first, "").status()).isEqualTo(400);
  }

  @Test
  void refusesAnUnknownBookmarkAndABadTime() {
    assertThat(post("/time_travel/restore?bookmark=nope", "").status()).isEqualTo(400);
    assertThat(post("/time_travel/restore", "").status()).isEqualTo(400);
    assertThat(cloudflare.get(path("/time_travel/bookmark?timestamp=yesterday")).status())
        .isEqualTo(400);
  }

  @Test
  void importsWhatItExported() {
    query("INSERT INTO t VALUES ('it''s; two')");
    JsonNode exported = post("/export", "{\"output_format\":\"polling\"}").result();
    assertThat(exported.get("status").asText()).isEqualTo("complete");
    String sql = cloudflare.text(URI.create(exported.at("/result/signed_url").asText()));
    assertThat(sql).contains("CREATE TABLE t(a TEXT);", "'it''s; two'");
    query("DROP TABLE t");
    importSql(sql).expect(200);
    assertThat(rows()).isEqualTo("[{\"a\":\"one\"},{\"a\":\"it's; two\"}]");
  }

  @Test
  void importsAllOrNothing() {
    Answer failed = importSql("INSERT INTO t VALUES ('two'); INSERT INTO missing VALUES (1);");
    assertThat(failed.status()).isEqualTo(400);
    assertThat(failed.errorCode()).isEqualTo(7500);
    assertThat(rows()).isEqualTo("[{\"a\":\"one\"}]");
  }

  @Test
  void refusesToIngestWhatWasNotUploaded() {
    Answer refused = post("/import", "{\"action\":\"ingest\",\"filename\":\"x\",\"etag\":\"y\"}");
    assertThat(refused.status()).isEqualTo(400);
  }

  private Answer importSql(String sql) {
    JsonNode upload = post("/import", "{\"action\":\"init\",\"etag\":\"unused\"}").result();
    var stored =
        cloudflare.http(
            HttpRequest.newBuilder(URI.create(upload.get("upload_url").asText()))
                .PUT(HttpRequest.BodyPublishers.ofString(sql)));
    String etag = stored.headers().firstValue("ETag").orElseThrow().replace("\"", "");
    return post(
        "/import",
        "{\"action\":\"ingest\",\"filename\":\""
            + upload.get("filename").asText()
            + "\",\"etag\":\""
            + etag
            + "\"}");
  }

  private String bookmark() {
    return cloudflare.get(path("/time_travel/bookmark")).result().get("bookmark").asText();
  }

  private String rows() {
    return query("SELECT a FROM t").toString();
  }

  private JsonNode query(String sql) {
    JsonNode results = post("/query", "{\"sql\":\"" + sql + "\"}").result();
    return results.get(results.size() - 1).get("results");
  }

  private Answer post(String what, String body) {
    return cloudflare.send("POST", path(what), body);
  }

  private String path(String what) {
    return cloudflare.account("/d1/database/" + database + what);
  }
}
