package dev.gitblobs.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SumUpTest {
  private static final SuiteRun SLOW = new SuiteRun("SlowIT", 2, 0, Duration.ofSeconds(9));
  private static final SuiteRun SKIPPING = new SuiteRun("QuickTest", 3, 1, Duration.ofMillis(20));

  @TempDir private Path root;

  @Test
  void readsTheReportsOfEveryRunner() throws IOException {
    write(
        "a/target/surefire-reports/TEST-dev.gitblobs.XTest.xml",
        "<testsuite name='dev.gitblobs.XTest' time='3.5'><testcase classname='dev.gitblobs.XTest'"
            + " name='a' time='0.5'/><testcase classname='dev.gitblobs.XTest$Inner' name='b'"
            + " time='1'><skipped/></testcase></testsuite>");
    write(
        "b/target/vitest-junit.xml",
        "<testsuites><testsuite name='src/y.test.ts' time='1'><testcase classname='src/y.test.ts'"
            + " name='a' time='0.2'/></testsuite></testsuites>");
    write(
        "c/target/node-junit.xml",
        "<testsuites><testcase name='a' time='0.25' classname='test'"
            + " file='/work/c/z.test.mjs'/></testsuites>");

    assertThat(Reports.since(Instant.EPOCH, root))
        .containsExactlyInAnyOrder(
            new SuiteRun("XTest", 2, 1, Duration.ofMillis(3_500)),
            new SuiteRun("src/y.test.ts", 1, 0, Duration.ofSeconds(1)),
            new SuiteRun("/work/c/z.test.mjs", 1, 0, Duration.ofMillis(250)));
    assertThat(Reports.since(Instant.MAX, root)).isEmpty();
  }

  @Test
  void findsEveryFileWithTestsOfItsOwn() throws IOException {
    write("a/src/test/java/XTest.java", "final class XTest {}");
    write("a/src/test/java/YContractTest.java", "abstract class YContractTest {}");
    write("a/src/test/java/Helper.java", "final class Helper {}");
    write("b/src/y.test.ts", "");
    write("b/node_modules/z.test.ts", "");

    assertThat(TestFiles.in(root)).containsExactly("XTest", "b/src/y.test.ts");
    assertThat(TestFiles.isOf("b/src/y.test.ts", "src/y.test.ts")).isTrue();
    assertThat(TestFiles.isOf("b/src/y.test.ts", "/work/b/src/y.test.ts")).isTrue();
    assertThat(TestFiles.isOf("b/src/y.test.ts", "c/src/y.test.ts")).isFalse();
  }

  @Test
  void namesWhatTheFullLevelLeftOutAndFailsInCi() {
    List<SuiteRun> runs = List.of(SKIPPING, SLOW);
    assertThat(told("full", runs, List.of("LostTest"), true)).contains("false");
    assertThat(told("full", runs, List.of("LostTest"), false))
        .contains("true", "left out: LostTest", "left out: 1 of QuickTest");
    assertThat(told("full", List.of(SLOW), List.of(), true))
        .contains("true", "left out: 0 files, 0 tests");
  }

  @Test
  void tellsTheSlowestFirstAndHowMuchTheFastLevelLeavesOut() {
    assertThat(told("fast", List.of(SKIPPING, SLOW), List.of("OtherIT"), true))
        .contains("true", "4 tests ran at the level fast; left out: 1 files, 1 tests", "-Pfull")
        .containsSubsequence("SlowIT", "QuickTest");
  }

  private static String told(String level, List<SuiteRun> runs, List<String> absent, boolean isCi) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean isFine =
        SumUp.print(new PrintStream(out, true, StandardCharsets.UTF_8), level, runs, absent, isCi);
    return out.toString(StandardCharsets.UTF_8) + isFine;
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
