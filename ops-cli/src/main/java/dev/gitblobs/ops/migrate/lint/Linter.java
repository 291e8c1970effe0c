package dev.gitblobs.ops.migrate.lint;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.file.Migration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Judges migration files without a database. */
public final class Linter {
  private Linter() {}

  /**
   * All findings that the files do not allow themselves, by file and line.
   *
   * @param all every migration of the folder, in order
   * @param edited names of those that a database has in another form; empty when none was asked
   */
  public static List<Finding> lint(List<Migration> all, Set<String> edited) {
    List<Finding> left = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Migration migration = all.get(i);
      List<Finding> findings = new ArrayList<>(FileRules.check(migration));
      checkNumber(i == 0 ? firstFree(migration) : all.get(i - 1).number(), migration, findings);
      if (edited.contains(migration.name())) {
        findings.add(new Finding(Rule.EDITED, migration, 1, "The file was edited"));
      }
      left.addAll(new Allowances(migration).apply(findings));
    }
    left.sort(
        Comparator.comparing(Finding::migration, Migration.ORDER).thenComparing(Finding::line));
    return List.copyOf(left);
  }

  /**
   * Passes when the lint finds no error in what is to be applied.
   *
   * @param all every migration of the folder, in order
   * @param plan those that are to be applied
   * @throws OpsException listing the errors
   */
  public static void requireClean(List<Migration> all, List<Migration> plan) {
    List<String> errors =
        lint(all, Set.of()).stream()
            .filter(Finding::isError)
            .filter(finding -> plan.contains(finding.migration()))
            .map(Finding::text)
            .toList();
    if (!errors.isEmpty()) {
      throw new OpsException(
          "The lint refuses what is to be applied:\n    " + String.join("\n    ", errors),
          "Mend it; or, where it is meant, allow it in the file:"
              + " -- lint:allow RULE reason=WHY. Nothing was applied.");
    }
  }

  /** Numbers may begin at 0 or at 1. */
  private static int firstFree(Migration first) {
    return first.number() == 0 ? -1 : 0;
  }

  private static void checkNumber(int before, Migration migration, List<Finding> findings) {
    int number = migration.number();
    if (number == before) {
      findings.add(
          new Finding(Rule.DUPLICATE_NUMBER, migration, 1, "Another file has number " + number));
    } else if (number > before + 1) {
      findings.add(
          new Finding(Rule.NUMBER_GAP, migration, 1, "No file has number " + (before + 1)));
    }
  }
}
