package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The house rules of the GitHub workflows. */
final class WorkflowsTest {
  private static final Path FOLDER = new Launcher(Path.of("")).root().resolve(".github/workflows");

  /** A whole commit, and the version that it is for those who read it. */
  private static final Pattern PINNED =
      Pattern.compile("uses: [\\w.-]+/[\\w./-]+@[0-9a-f]{40} # v[0-9]+\\.[0-9]+\\.[0-9]+");

  /** One command that runs on an operator's machine as well. */
  private static final Pattern THIN =
      Pattern.compile("(\\./relayctl|pulumi|\\./mvnw|\\.ci/run)( [^\n;&|<>`]*)?");

  static List<Path> workflows() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void hasAWorkflowForEveryDutyOfAnOperator() {
    assertThat(workflows())
        .extracting(file -> String.valueOf(file.getFileName()))
        .contains(
            "push.yml",
            "ci.yml",
            "preview.yml",
            "deploy.yml",
            "rollback.yml",
            "rotate-keys.yml",
            "cleanup.yml",
            "drift.yml",
            "release.yml");
  }

  @Test
  void releasesATagThatPassedCiAndWritesInOneJobThatRunsNothingOfIt() throws IOException {
    var release = load(FOLDER.resolve("release.yml"));
    assertThat(map(release.get(true)).keySet()).containsExactly("push");
    assertThat(map(map(release.get(true)).get("push")).keySet()).containsExactly("tags");
    var jobs = map(release.get("jobs"));
    assertThat(map(jobs.get("make"))).containsEntry("needs", "ci");
    jobs.forEach(
        (name, job) ->
            assertThat(String.valueOf(map(job).get("permissions")).contains("write"))
                .as(name)
                .isEqualTo(name.equals("publish")));
    assertThat(
            steps(map(jobs.get("publish"))).map(step -> step.get("run")).filter(Objects::nonNull))
        .containsExactly(".ci/run publish");
    assertThat(steps(map(jobs.get("publish"))))
        .anyMatch(step -> told(step, "attest-build-provenance@"));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void grantsNothingAtTheTopAndEachJobOnlyWhatItSays(Path file) throws IOException {
    assertThat(load(file).get("permissions")).isEqualTo(Map.of());
    assertThat(jobs(file)).allSatisfy(job -> assertThat(job).containsKey("permissions"));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void pinsEveryActionByItsCommit(Path file) throws IOException {
    var uses =
        Files.readAllLines(file).stream()
            .filter(line -> line.contains("uses:") && !line.contains("uses: ./.github/workflows/"))
            .toList();

    assertThat(uses).allMatch(line -> PINNED.matcher(line).find());
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void endsEveryJobThatHangs(Path file) throws IOException {
    // A job that is another workflow of this house has the limits of that one's jobs.
    assertThat(jobs(file).stream().filter(job -> !job.containsKey("uses")))
        .allSatisfy(job -> assertThat((Integer) job.get("timeout-minutes")).isBetween(1, 60));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void runsOneThinCommandPerStep(Path file) throws IOException {
    assertThat(steps(file).filter(step -> step.containsKey("run")))
        .allSatisfy(step -> assertThat(String.valueOf(step.get("run"))).matches(THIN));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void neverPutsUntrustedTextIntoAShell(Path file) throws IOException {
    assertThat(steps(file).filter(step -> step.containsKey("run")))
        .allSatisfy(step -> assertThat(String.valueOf(step.get("run"))).doesNotContain("${{"));
  }

  @Test
  void deploysOnlyWhatHasPassedCi() throws IOException {
    var jobs = map(load(FOLDER.resolve("deploy.yml")).get("jobs"));
    assertThat(map(jobs.get("ci"))).containsEntry("uses", "./.github/workflows/ci.yml");
    assertThat(map(jobs.get("staging"))).containsEntry("needs", "ci");
    assertThat(map(jobs.get("prod"))).containsEntry("needs", "staging");
  }

  @Test
  void testsAndDeploysTheFilesOfOneBuild() throws IOException {
    for (var workflow : List.of("ci.yml", "deploy.yml")) {
      map(load(FOLDER.resolve(workflow)).get("jobs"))
          .forEach(
              (name, job) -> {
                boolean builds = steps(map(job)).anyMatch(step -> told(step, "upload-artifact@"));
                boolean takes = steps(map(job)).anyMatch(step -> told(step, "download-artifact@"));
                boolean isCall = map(job).containsKey("uses");
                assertThat(builds).as(name).isEqualTo(name.equals("build"));
                assertThat(takes).as(name).isEqualTo(!builds && !isCall);
              });
    }
  }

  @Test
  void runsTheFastLevelOnEveryPushAndTheJavaTestsOnTheOldestAndTheNewestJdk() throws IOException {
    assertThat(steps(FOLDER.resolve("push.yml")).map(step -> step.get("run")))
        .contains("./mvnw -B -ntp verify");
    var java = map(map(load(FOLDER.resolve("ci.yml")).get("jobs")).get("java"));
    assertThat(map(map(java.get("strategy")).get("matrix")))
        .containsEntry("java", List.of("17", "25"));
  }

  private static boolean told(Map<String, Object> step, String action) {
    return String.valueOf(step.get("uses")).contains(action);
  }

  @Test
  void buildsTheWorkerOnlyWhereTheHistoryTellsItsVersion() throws IOException {
    for (var workflow : List.of("ci.yml", "preview.yml")) {
      assertThat(steps(FOLDER.resolve(workflow)).findFirst().map(step -> map(step.get("with"))))
          .hasValueSatisfying(with -> assertThat(with).containsEntry("fetch-depth", 0));
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void leavesNoTokenInTheCheckout(Path file) throws IOException {
    assertThat(steps(file).filter(step -> String.valueOf(step.get("uses")).contains("/checkout@")))
        .allSatisfy(
            step ->
                assertThat(step.get("with"))
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("persist-credentials", false));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void changesAnEnvironmentOneRunAtATimeAndNeverCutsOneOff(Path file) throws IOException {
    var workflow = load(file);
    assertThat(workflow).containsKey("concurrency");
    for (var job : jobs(file)) {
      if (job.containsKey("environment")) {
        var concurrency = map(job.getOrDefault("concurrency", workflow.get("concurrency")));
        assertThat(String.valueOf(concurrency.get("group"))).startsWith("environment-");
        assertThat(concurrency).containsEntry("cancel-in-progress", false);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void givesSecretsOnlyToJobsOfAnEnvironment(Path file) throws IOException {
    for (var job : jobs(file)) {
      if (job.toString().contains("secrets.")) {
        assertThat(job).containsKey("environment");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void givesSecretsToNoPullRequestFromAFork(Path file) throws IOException {
    assertThat(Files.readString(file)).doesNotContain("pull_request_target");
    // "on" is read as true: YAML 1.1.
    var triggers = String.valueOf(load(file).get(true));
    for (var job : jobs(file)) {
      if (triggers.contains("pull_request") && job.toString().contains("secrets.")) {
        assertThat(String.valueOf(job.get("if")))
            .contains("github.event.pull_request.head.repo.full_name == github.repository");
      }
    }
  }

  /** The commands of a workflow's jobs that also run on an operator's machine, in their order. */
  static Map<String, List<String>> operatorCommands(String workflow) throws IOException {
    var commands = new LinkedHashMap<String, List<String>>();
    map(load(FOLDER.resolve(workflow)).get("jobs"))
        .forEach(
            (name, job) ->
                commands.put(
                    name,
                    steps(map(job))
                        .map(step -> String.valueOf(step.get("run")).strip())
                        .filter(command -> command.matches("(\\./relayctl|pulumi) .*"))
                        .toList()));
    return commands;
  }

  private static Stream<Map<String, Object>> steps(Path file) throws IOException {
    return jobs(file).stream().flatMap(WorkflowsTest::steps);
  }

  private static Stream<Map<String, Object>> steps(Map<String, Object> job) {
    return ((List<?>) job.getOrDefault("steps", List.of())).stream().map(WorkflowsTest::map);
  }

  private static List<Map<String, Object>> jobs(Path file) throws IOException {
    return map(load(file).get("jobs")).values().stream().map(WorkflowsTest::map).toList();
  }

  private static Map<Object, Object> load(Path file) throws IOException {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
  }

  @SuppressWarnings("unchecked") // a mapping below the top of a workflow has string keys
  private static Map<String, Object> map(@Nullable Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }
}
