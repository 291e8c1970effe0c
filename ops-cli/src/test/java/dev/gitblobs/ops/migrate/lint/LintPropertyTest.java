package dev.gitblobs.ops.migrate.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.lint.WhatHappens.Effect;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The lint's verdict against what really happens, for random schemas and migrations from fixed
 * seeds. {@code -Dlint.cases=100000 -Dlint.first=7000} tries more and others.
 */
final class LintPropertyTest {
  private static final int CASES = Integer.getInteger("lint.cases", 1_000);
  private static final int FIRST_SEED = Integer.getInteger("lint.first", 0);

  /** Of migrations that do no harm, at most this part may be refused. */
  private static final double MAX_FALSE_ALARMS = 0.01;

  @Test
  void passesNoLossAndRefusesHardlyAnythingHarmless() throws SQLException {
    List<String> passedLosses = new ArrayList<>();
    List<String> falseAlarms = new ArrayList<>();
    int harmless = 0;
    int losses = 0;
    for (int seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
      Random random = new Random(seed);
      RandomSchema schema = new RandomSchema(random);
      String migration = RandomMigration.of(random, schema);
      Effect effect = effect(schema, migration);
      if (effect == Effect.REFUSED) {
        continue;
      }
      List<Finding> errors = errors(schema, migration);
      String told = told(seed, schema, migration);
      if (effect == Effect.LOSS) {
        losses++;
        if (errors.isEmpty()) {
          passedLosses.add(told);
        }
      } else {
        harmless++;
        if (!errors.isEmpty()) {
          falseAlarms.add(told + "\n" + errors.get(0).text());
        }
      }
    }
    System.out.printf(
        "%d migrations: %d lose something, %d do no harm, %d of these are refused%n",
        CASES, losses, harmless, falseAlarms.size());
    assertThat(passedLosses).as("losses that were passed, of %d", losses).isEmpty();
    assertThat((double) falseAlarms.size() / harmless)
        .as("false alarms among %d: %s", harmless, falseAlarms)
        .isLessThanOrEqualTo(MAX_FALSE_ALARMS);
    assertThat(losses).isGreaterThan(CASES / 4);
    assertThat(harmless).isGreaterThan(CASES / 8);
  }

  /** What does harm to some rows does harm; what is harmless to these may not be to others. */
  private static Effect effect(RandomSchema schema, String migration) throws SQLException {
    Effect worst = Effect.HARMLESS;
    for (int shift : new int[] {0, 1, 2, 4, 7}) {
      Effect effect = WhatHappens.of(schema.sql(), schema.rows(shift), migration);
      if (effect == Effect.REFUSED) {
        return effect;
      }
      worst = effect == Effect.LOSS ? effect : worst;
    }
    return worst;
  }

  static String told(int seed, RandomSchema schema, String migration) {
    return "seed " + seed + "\n" + String.join(";\n", schema.sql()) + "\n-- then\n" + migration;
  }

  static List<Finding> errors(RandomSchema schema, String migration) {
    List<Migration> files =
        List.of(
            Migration.of(Path.of("0001_x.sql"), String.join(";\n", schema.sql())),
            Migration.of(Path.of("0002_x.sql"), migration));
    return Linter.lint(files, 1, true, java.util.Set.of()).stream()
        .filter(Finding::isError)
        .toList();
  }
}
