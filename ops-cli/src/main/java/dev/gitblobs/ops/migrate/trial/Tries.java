package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.sql.DataChange.Verb;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tries of some statements, each on a copy of the database with other sample rows. */
final class Tries {
  /** Rows like nobody's. */
  private static final int FAR = 7_001;

  private static final int ROWS = 3;

  private final TrialDatabase prior;
  private final Shape before;
  private final Set<String> withRows;
  private final List<Step> steps;
  private final Set<String> hidden;
  private final FoundLosses found;
  private final FoundLosses doubts = new FoundLosses();
  private boolean hadNulls;
  private final Map<Integer, Integer> hits = new HashMap<>();

  /**
   * Of those statements.
   *
   * @param prior the database before them, without rows
   * @param before what it consists of
   * @param withRows the tables that have rows, lower case
   * @param found gets what is lost
   */
  Tries(
      TrialDatabase prior,
      Shape before,
      Set<String> withRows,
      List<Step> steps,
      Set<String> hidden,
      FoundLosses found) {
    this.prior = prior;
    this.before = before;
    this.withRows = withRows;
    this.steps = steps;
    this.hidden = hidden;
    this.found = found;
  }

  /** By step: how many rows it wrote in the try in which it wrote most. */
  Map<Integer, Integer> hits() {
    return hits;
  }

  /** Whether a try with NULLs wherever they are allowed ran to its end. */
  boolean hadNulls() {
    return hadNulls;
  }

  /** What would be lost of rows with other values; no sample row showed it. */
  FoundLosses doubts() {
    return doubts;
  }

  /**
   * With ordinary rows that have all values.
   *
   * @return whether the statements ran to their end
   */
  boolean far() throws SQLException {
    for (boolean isNumeric : new boolean[] {false, true}) {
      Seeder.Sample sample = new Seeder.Sample(FAR, ROWS, false, isNumeric, Hints.NONE);
      try (TrialDatabase copy = prior.copy()) {
        Trial trial = new Trial(copy, steps, hidden);
        Trial.End end = trial.run(before, withRows, sample, false);
        take(trial);
        if (end != Trial.End.NOT_NUMERIC) {
          return end == Trial.End.DONE;
        }
      }
    }
    return true; // what it does to the schema is told all the same
  }

  /** With rows that the files' own conditions and values meet, and with NULLs. */
  void near(List<Migration> pending) throws SQLException {
    Hints hints = Hints.of(pending, before);
    int rows = ROWS + hints.size();
    if (steps.stream().anyMatch(Tries::replaces)) {
      // Rows with the same keys and other values.
      first(List.of(new Seeder.Sample(1, rows, false, false, hints.ofKeys(before))));
    }
    first(
        List.of(
            new Seeder.Sample(1, rows, true, false, hints),
            new Seeder.Sample(1, rows, false, false, hints),
            new Seeder.Sample(1, ROWS, true, false, Hints.NONE),
            new Seeder.Sample(1, ROWS, false, false, Hints.NONE)));
  }

  private static boolean replaces(Step step) {
    return step.data()
        .filter(change -> change.verb() == Verb.REPLACE || change.verb() == Verb.UPSERT)
        .isPresent();
  }

  /** With the first sample that suits the files. */
  private void first(List<Seeder.Sample> samples) throws SQLException {
    for (Seeder.Sample sample : samples) {
      try (TrialDatabase copy = prior.copy()) {
        Trial trial = new Trial(copy, steps, hidden);
        if (trial.run(before, withRows, sample, true) == Trial.End.DONE) {
          take(trial);
          hadNulls |= sample.hasNulls();
          return;
        }
      }
    }
  }

  private void take(Trial trial) {
    trial.losses().forEach(found::keep);
    trial.doubted().forEach(doubts::keep);
    trial.hits().forEach((step, count) -> hits.merge(step, count, Integer::max));
  }
}
