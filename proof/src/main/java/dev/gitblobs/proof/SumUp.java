package dev.gitblobs.proof;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Prints what a build's tests came to: how many, the slowest classes, what was left out and why.
 * Exit 1 where something was left out that must not be: in the full level with {@code CI} set.
 */
public final class SumUp {
  private static final int SLOWEST = 10;
  private static final String FULL = "full";

  private SumUp() {}

  /**
   * {@code SumUp ROOT LEVEL START}: the checkout, "fast" or "full", the build's start (ISO 8601).
   */
  public static void main(String[] args) throws IOException {
    boolean isCi = !List.of("", "0", "false").contains(System.getenv().getOrDefault("CI", ""));
    Path root = Path.of(args[0]);
    List<SuiteRun> runs = Reports.since(Instant.parse(args[2]), root);
    List<String> absent =
        TestFiles.in(root).stream()
            .filter(file -> runs.stream().noneMatch(run -> TestFiles.isOf(file, run.name())))
            .toList();
    boolean isFine = print(System.out, args[1], runs, absent, isCi);
    if (!isFine) {
      System.exit(1);
    }
  }

  /** Prints the sum; whether nothing is missing that has to be there. */
  static boolean print(
      PrintStream out, String level, List<SuiteRun> runs, List<String> absent, boolean isCi) {
    int tests = runs.stream().mapToInt(SuiteRun::tests).sum();
    int skipped = runs.stream().mapToInt(SuiteRun::skipped).sum();
    out.printf("%nThe ten slowest of %d classes and files:%n", runs.size());
    runs.stream()
        .sorted(Comparator.comparing(SuiteRun::time).reversed())
        .limit(SLOWEST)
        .forEach(run -> out.printf("%8.1f s  %s%n", run.time().toMillis() / 1_000.0, run.name()));
    boolean isFull = level.equals(FULL);
    out.printf(
        "%n%d tests ran at the level %s; left out: %d files, %d tests of others%n",
        tests - skipped, level, absent.size(), skipped);
    if (!isFull) {
      out.println("./mvnw verify -Pfull leaves out none.");
      return true;
    }
    absent.forEach(file -> out.println("  left out: " + file));
    runs.stream()
        .filter(run -> run.skipped() > 0)
        .forEach(run -> out.printf("  left out: %d of %s%n", run.skipped(), run.name()));
    return !isCi || (absent.isEmpty() && skipped == 0);
  }
}
