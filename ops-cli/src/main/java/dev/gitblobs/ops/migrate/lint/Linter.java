package dev.gitblobs.ops.migrate.lint;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.trial.Loss;
import dev.gitblobs.ops.migrate.trial.Rehearsal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges migration files by what they do to a database with rows, before any is touched. */
public final class Linter {
  /** Numbers above are times, which have gaps. */
  private static final long LAST_COUNTED = 9_999;

  private static final int LARGEST_REHEARSAL = 4_000_000;

  private final List<Migration> all;
  private final Set<String> ledgers;
  private final Map<String, List<Finding>> findings = new HashMap<>();

  private Linter(List<Migration> all, Set<String> ledgers) {
    this.all = all;
    this.ledgers = ledgers;
  }

  /**
   * All findings that the files do not allow themselves, by file and line, without a database: each
   * file is judged as if those before it were applied and every table had rows.
   *
   * @param all every migration of the folder, in order
   * @param applied how many of them count as applied already and are not judged
   */
  public static List<Finding> lint(List<Migration> all, int applied) {
    return lint(all, applied, false, Set.of());
  }

  /**
   * The same.
   *
   * @param together whether those that are not applied are judged as one change, as when they are
   *     applied together: what one of them makes another may take away
   * @param ledgers tables in which tools keep what is applied, lower case
   */
  public static List<Finding> lint(
      List<Migration> all, int applied, boolean together, Set<String> ledgers) {
    Linter linter = new Linter(all, ledgers);
    List<Migration> pending = all.subList(Math.min(applied, all.size()), all.size());
    try (Rehearsal rehearsal = Rehearsal.fromNothing(linter.hidden())) {
      rehearsal.apply(all.subList(0, Math.min(applied, all.size())));
      if (together) {
        linter.judge(rehearsal, pending, null);
      } else {
        pending.forEach(one -> linter.judge(rehearsal, List.of(one), null));
      }
    }
    return linter.finish(pending, Set.of());
  }

  /**
   * The same for a database: what it does not have yet is judged, on the tables and for the rows
   * that it has.
   */
  public static List<Finding> lint(List<Migration> all, Known known, Set<String> ledgers) {
    Linter linter = new Linter(all, ledgers);
    List<Migration> pending =
        all.stream().filter(one -> !known.applied().contains(one.name())).toList();
    try (Rehearsal rehearsal = Rehearsal.of(known.definitions(), known.filled(), linter.hidden())) {
      linter.judge(rehearsal, pending, known);
    }
    return linter.finish(pending, known.edited());
  }

  /**
   * Passes when there is no error.
   *
   * @throws OpsException listing the errors
   */
  public static void requireClean(List<Finding> findings) {
    List<String> errors = findings.stream().filter(Finding::isError).map(Finding::text).toList();
    if (!errors.isEmpty()) {
      throw new OpsException(
          "The lint refuses what is to be applied:\n    " + String.join("\n    ", errors),
          "Mend it; or, where it is meant, allow it in the file:"
              + " -- lint:allow RULE reason=WHY. Nothing was applied.");
    }
  }

  /** Whether a file that passes may all the same take something away, since it allows that. */
  public static boolean isRisky(Migration migration) {
    return migration.sql().contains("lint:allow") && new Allowances(migration).hasRisky();
  }

  private Set<String> hidden() {
    Set<String> hidden = new HashSet<>(Set.of("d1_migrations", "_ops_migrations", "_ops_lock"));
    ledgers.forEach(table -> hidden.add(table.toLowerCase(Locale.ROOT)));
    return hidden;
  }

  private void judge(Rehearsal rehearsal, List<Migration> files, @Nullable Known known) {
    boolean isLarge = files.stream().mapToLong(one -> one.sql().length()).sum() > LARGEST_REHEARSAL;
    if (isLarge) {
      return; // a seed of megabytes; D1 judges it
    }
    for (Loss loss : rehearsal.judge(files)) {
      add(
          new Finding(
              Rule.of(loss.kind()),
              loss.migration(),
              loss.line(),
              loss.what() + count(loss, known),
              loss.remedy()));
    }
  }

  private static String count(Loss loss, @Nullable Known known) {
    if (loss.of() == 0 && loss.kind() != Loss.Kind.TABLE_DROPPED) {
      return "";
    }
    String sample = loss.of() == 0 ? "" : ": " + loss.lost() + " of " + loss.of() + " sample rows";
    if (known == null || !known.filled().contains(loss.table().toLowerCase(Locale.ROOT))) {
      return sample;
    }
    Long rows = known.count().apply(loss.table());
    return sample + (sample.isEmpty() ? " with " : ", of ") + rows + " rows in the database";
  }

  private void add(Finding finding) {
    findings.computeIfAbsent(finding.migration().name(), name -> new ArrayList<>()).add(finding);
  }

  private List<Finding> finish(List<Migration> judged, Set<String> edited) {
    List<Finding> left = new ArrayList<>();
    Set<String> names = new HashSet<>();
    judged.forEach(migration -> names.add(migration.name()));
    for (int i = 0; i < all.size(); i++) {
      Migration migration = all.get(i);
      if (edited.contains(migration.name())) {
        left.add(new Finding(Rule.EDITED, migration, 1, "The file was edited"));
      }
      if (!names.contains(migration.name())) {
        continue;
      }
      List<Finding> own = findings.getOrDefault(migration.name(), new ArrayList<>());
      own.addAll(FileRules.check(migration));
      checkNumber(i == 0 ? null : all.get(i - 1), migration, own);
      left.addAll(new Allowances(migration).apply(own));
    }
    Comparator<Finding> order =
        Comparator.comparingInt(finding -> all.indexOf(finding.migration()));
    left.sort(order.thenComparing(Finding::line));
    return List.copyOf(left);
  }

  private static void checkNumber(
      @Nullable Migration before, Migration migration, List<Finding> findings) {
    if (!migration.isNumbered() || (before != null && !before.isNumbered())) {
      return;
    }
    // Numbers may begin at 0 or at 1.
    long last = before == null ? (migration.number() == 0 ? -1 : 0) : before.number();
    long number = migration.number();
    if (number == last && number <= LAST_COUNTED) {
      findings.add(
          new Finding(Rule.DUPLICATE_NUMBER, migration, 1, "Another file has number " + number));
    } else if (number > last + 1 && number <= LAST_COUNTED) {
      findings.add(new Finding(Rule.NUMBER_GAP, migration, 1, "No file has number " + (last + 1)));
    }
  }
}
