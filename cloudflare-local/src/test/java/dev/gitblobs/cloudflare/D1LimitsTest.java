package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** D1 refuses here what it refuses in production, in its words; by binding and by API alike. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D1LimitsTest {
  private static final String WORKER =
      """
      import { DurableObject } from "cloudflare:workers";
      async function answer(url, db) {
        const { searchParams: q } = new URL(url);
        const n = Number(q.get("n"));
        switch (q.get("do")) {
          case "queries": {
            let left = n;
            for (; left > 100; left -= 90) await db.batch(Array(90).fill(db.prepare("SELECT 1")));
            for (; left > 0; left--) await db.prepare("SELECT 1").first();
            return "done";
          }
          case "batch":
            return (await db.batch(Array(n).fill(db.prepare("SELECT 1")))).length;
          case "text":
            await db.prepare("INSERT INTO t VALUES (?, ?)").bind("x".repeat(n), "y").run();
            return "done";
          case "blob":
            await db.prepare("INSERT INTO t VALUES (?, ?)").bind(new Uint8Array(n), "y").run();
            return "done";
          case "made":
            return (await db.prepare("SELECT hex(zeroblob(?)) AS h").bind(n).first("h")).length;
          case "statement":
            return await db.prepare("SELECT '" + "x".repeat(n) + "'").first() && "done";
          case "parameters":
            await db.prepare("SELECT " + Array(n).fill("?")).bind(...Array(n).fill(1)).all();
            return "done";
          case "result":
            return (await db.prepare("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT ?)"
              + " SELECT hex(zeroblob(500000)) FROM c").bind(n).all()).results.length;
        }
      }
      const told = (url, db) =>
        answer(url, db).then(
          (text) => new Response(String(text)),
          (error) => new Response(error.message, { status: 500 }),
        );
      export class Hub extends DurableObject {
        fetch(request) { return told(request.url, this.env.DB); }
      }
      export default {
        fetch(request, env) {
          if (request.url.includes("hub")) return env.HUB.get(env.HUB.idFromName("h")).fetch(request);
          return told(request.url, env.DB);
        },
      };
      """;

  private LocalCloudflare cloudflare;
  private String database = "";
  private URI worker = URI.create("");

  @BeforeAll
  void start(@TempDir Path state) {
    cloudflare = LocalCloudflare.start(state);
    database =
        cloudflare
            .send("POST", cloudflare.account("/d1/database"), "{\"name\":\"limited\"}")
            .result()
            .get("uuid")
            .asText();
    assertThat(sql("CREATE TABLE t (a, b)")).isEmpty();
    ScriptUpload upload =
        ScriptUpload.of(WORKER)
            .database("DB", database)
            .durableObject("HUB", "Hub")
            .newClass("v1", "Hub");
    cloudflare.send("PUT", cloudflare.account("/workers/scripts/limited"), upload).expect(200);
    worker = cloudflare.worker("limited");
  }

  @AfterAll
  void stop() {
    cloudflare.close();
  }

  /** What the Worker answers. */
  private String ask(String what, int n) {
    return cloudflare.text(worker.resolve("/?do=" + what + "&n=" + n));
  }

  /** The error of a query over the API; empty for none. */
  private String sql(String sql) {
    String message =
        cloudflare
            .send(
                "POST",
                cloudflare.account("/d1/database/" + database + "/query"),
                "{\"sql\":\"" + sql + "\"}")
            .errorMessage();
    return message == null ? "" : message;
  }

  @Test
  void anInvocationHasAThousandQueries() {
    assertThat(ask("queries", 1000)).isEqualTo("done");
    assertThat(ask("queries", 1001))
        .isEqualTo("D1_ERROR: Too many API requests by single Worker invocation.");
    assertThat(ask("batch", 1001)).contains("Too many API requests");
  }

  @Test
  void tellsHowManyTheHungriestInvocationAsked() {
    ask("queries", 1000);
    ask("queries&hub", 600);
    assertThat(cloudflare.get("/local/workers/limited/d1-queries").result().path("most").intValue())
        .isGreaterThanOrEqualTo(1000);
  }

  @Test
  void eachEventOfADurableObjectIsAnInvocation() {
    for (int i = 0; i < 3; i++) {
      assertThat(ask("queries&hub", 600)).isEqualTo("done");
    }
    assertThat(ask("queries&hub", 1001)).contains("Too many API requests");
  }

  @Test
  void aTextABlobAndARowHaveTwoMegabytes() {
    assertThat(ask("text", 1_999_000)).isEqualTo("done");
    assertThat(ask("text", 2_000_000)).isEqualTo("D1_ERROR: string or blob too big: SQLITE_TOOBIG");
    assertThat(ask("blob", 2_000_001)).contains("string or blob too big");
    assertThat(ask("made", 1_000_001)).contains("string or blob too big");
    assertThat(ask("made", 900_000)).isEqualTo("1800000");
  }

  @Test
  void aStatementHasAHundredKilobytesAndAHundredParameters() {
    assertThat(ask("statement", 99_000)).isEqualTo("done");
    assertThat(ask("statement", 100_001)).contains("statement too long: SQLITE_TOOBIG");
    assertThat(sql("SELECT '" + "x".repeat(100_001) + "'")).contains("statement too long");
    assertThat(ask("parameters", 100)).isEqualTo("done");
    assertThat(ask("parameters", 101)).contains("too many SQL variables");
  }

  @Test
  void aResultHasFiftyMegabytes() {
    assertThat(ask("result", 40)).isEqualTo("40");
    assertThat(ask("result", 51)).contains("Exceeded maximum result size");
  }

  @Test
  void aDatabaseGrowsNoLargerThanItMay() {
    cloudflare.send("PUT", "/local/d1", "{\"databaseBytes\": 20000000}").expect(200);
    try {
      String grow =
          "INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 30)"
              + " SELECT i, zeroblob(1000000) FROM c";
      assertThat(sql(grow)).isEmpty();
      assertThat(sql("INSERT INTO t VALUES (1, 2)")).isEqualTo("Exceeded maximum DB size");
      assertThat(sql("SELECT count(*) FROM t")).isEmpty();
      assertThat(sql("DELETE FROM t")).isEmpty();
      assertThat(sql("INSERT INTO t VALUES (1, 2)")).isEmpty();
    } finally {
      cloudflare.send("PUT", "/local/d1", "{}").expect(200);
    }
  }

  @Test
  void theLimitsCanBeSwitchedOffAndTimesOn() {
    cloudflare
        .send(
            "PUT",
            "/local/d1",
            "{\"enforced\": false, \"latencyMillis\": 150, \"statementMillis\": 20}")
        .expect(200);
    try {
      long start = System.nanoTime();
      assertThat(ask("batch", 5)).isEqualTo("5");
      assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThanOrEqualTo(250);
      assertThat(ask("text", 3_000_000)).isEqualTo("done");
    } finally {
      cloudflare.send("PUT", "/local/d1", "{}").expect(200);
    }
    assertThat(cloudflare.send("PUT", "/local/d1", "{\"rows\": 1}").status()).isEqualTo(400);
  }
}
