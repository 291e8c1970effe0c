package dev.gitblobs.ops.migrate.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.D1;
import dev.gitblobs.ops.migrate.D1Database;
import dev.gitblobs.ops.migrate.SqlDatabase;
import dev.gitblobs.ops.migrate.lint.WhatHappens.Effect;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random migrations on D1 itself, from other seeds than {@link LintPropertyTest}: what happens
 * there is what happens on SQLite, and no loss is passed. {@code -Dlint.d1.cases=5000} tries more.
 */
@Tag("full")
final class D1LintPropertyIT {
  private static final int CASES = Integer.getInteger("lint.d1.cases", 300);
  private static final int FIRST_SEED = 5_000_000;

  @Test
  void doesOnD1WhatItDoesOnSqliteAndWhatTheLintForetells() throws SQLException {
    LocalCloudflare cloudflare = LocalCloudflare.shared();
    ApiClient api = new ApiClient(URI.create(cloudflare.apiUrl()), cloudflare.token());
    List<String> differing = new ArrayList<>();
    List<String> passedLosses = new ArrayList<>();
    int losses = 0;
    for (int seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
      Random random = new Random(seed);
      RandomSchema schema = new RandomSchema(random);
      String migration = RandomMigration.of(random, schema);
      List<String> rows = schema.rows(seed % 3);
      String told = LintPropertyTest.told(seed, schema, migration);
      Effect onSqlite = WhatHappens.of(schema.sql(), rows, migration);
      Effect onD1 = WhatHappens.of(place(cloudflare, api, seed), schema.sql(), rows, migration);
      if (onD1 != onSqlite) {
        differing.add(onD1 + " on D1, " + onSqlite + " on SQLite: " + told);
      }
      if (onD1 == Effect.LOSS) {
        losses++;
        if (LintPropertyTest.errors(schema, migration).isEmpty()) {
          passedLosses.add(told);
        }
      }
    }
    assertThat(differing).as("what D1 does otherwise than SQLite").isEmpty();
    assertThat(passedLosses).as("losses that were passed, of %d", losses).isEmpty();
    assertThat(losses).isGreaterThan(CASES / 5);
  }

  private static WhatHappens.Place place(LocalCloudflare cloudflare, ApiClient api, int seed) {
    String id =
        cloudflare
            .send("POST", cloudflare.account("/d1/database"), "{\"name\":\"case-" + seed + "\"}")
            .result()
            .path("uuid")
            .asText();
    SqlDatabase database = new D1Database(new D1(api, cloudflare.accountId(), id));
    return statements -> {
      try {
        return database.batch(statements.stream().map(SqlDatabase.Statement::new).toList()).stream()
            .map(rows -> rows.stream().map(D1LintPropertyIT::values).toList())
            .toList();
      } catch (SqlDatabase.Refusal | SqlDatabase.Unanswered e) {
        // What is only refused when it is to be committed gets a bare 500 from workerd.
        throw new SQLException(e);
      }
    };
  }

  private static Map<String, String> values(JsonNode row) {
    Map<String, String> values = new HashMap<>();
    for (Map.Entry<String, JsonNode> one : row.properties()) {
      if (!one.getValue().isNull()) {
        values.put(one.getKey(), one.getValue().asText());
      }
    }
    return values;
  }
}
