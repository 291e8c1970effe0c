package dev.gitblobs.ops.migrate.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.file.MigrationFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Folders as projects have them, written after shapes met in public. {@code verdict.txt} in each
 * names the errors that the lint finds when each file is judged on rows.
 */
public final class FoldersTest {
  private static final Path ROOT =
      LocalCloudflare.root().resolve("ops-cli/src/test/resources/folders");

  /** Rules whose findings D1 itself refuses, so that no tool can apply the file. */
  private static final Set<String> REFUSED = Set.of("d1-refuses", "transaction");

  /** Their names. */
  public static Stream<String> folders() {
    try (Stream<Path> all = Files.list(ROOT)) {
      return all.map(Path::getFileName).map(Path::toString).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The migrations of one. */
  public static List<Migration> read(String folder) {
    return new MigrationFolder(ROOT.resolve(folder), null).read();
  }

  /** Whether D1 takes it as it is. */
  public static boolean isTaken(String folder) {
    return verdict(folder).stream().noneMatch(line -> REFUSED.contains(line.split(" ", -1)[1]));
  }

  private static List<String> verdict(String folder) {
    try {
      return Files.readAllLines(ROOT.resolve(folder).resolve("verdict.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void haveTheVerdictThatTheyDeserve(String folder) {
    List<String> errors =
        Linter.lint(read(folder), 0).stream()
            .filter(Finding::isError)
            .map(
                finding ->
                    finding.migration().name() + ":" + finding.line() + " " + finding.ruleId())
            .distinct()
            .toList();
    assertThat(errors).containsExactlyInAnyOrderElementsOf(verdict(folder));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void losesNothingOnADatabaseWithoutRows(String folder) {
    List<Finding> errors =
        Linter.lint(read(folder), 0, true, Set.of()).stream().filter(Finding::isError).toList();
    assertThat(errors.isEmpty()).as(errors.toString()).isEqualTo(isTaken(folder));
  }
}
