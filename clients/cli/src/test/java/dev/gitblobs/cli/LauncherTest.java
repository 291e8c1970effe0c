package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a checkout whose build only puts a jar there, with a Java that only counts. */
class LauncherTest {
  private static final Path REAL = Path.of("../..");
  private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path folder;
  @TempDir private Path jdk;
  private Path root;

  @BeforeEach
  void haveACheckoutAndAJava() throws IOException {
    root = Files.createDirectories(folder.resolve("a checkout/of it"));
    Files.createDirectories(root.resolve("tools"));
    for (String part : new String[] {"gitblobs", "tools/launch.sh"}) {
      Files.copy(REAL.resolve(part), root.resolve(part));
    }
    for (String module : new String[] {"clients/cli", "clients/java", "protocol/java"}) {
      Files.createDirectories(root.resolve(module + "/src/main"));
      write(module + "/pom.xml");
    }
    write("pom.xml");
    script(
        root.resolve("mvnw"),
        """
        cd "%s/clients/cli/target"
        mkdir -p lib
        : >gitblobs.jar
        : >lib/client.jar
        echo built >>"%s/builds\""""
            .formatted(root, root));
    Files.createDirectories(jdk.resolve("bin"));
    script(
        jdk.resolve("bin/java"),
        """
        case "$*" in
          *-XX:DumpLoadedClassList*) exit 0 ;;
          *-Xshare:dump*)
            echo dump >>"%s/dumps"
            [ ! -e "%s/broken" ] || exit 1
            for word in "$@"; do
              case "$word" in -XX:SharedArchiveFile=*) echo classes >"${word#*=}" ;; esac
            done
            ;;
          *) echo "started $* with $LC_ALL in $HOME" ;;
        esac"""
            .formatted(jdk, jdk));
  }

  private void write(String name) throws IOException {
    age(Files.writeString(root.resolve(name), ""), -60);
  }

  /** So many seconds after the build. */
  private static void age(Path file, int seconds) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(BUILT.plusSeconds(seconds)));
  }

  private Path target(String name) {
    return root.resolve("clients/cli/target").resolve(name);
  }

  /** A build and its archive, all of the same moment. */
  private void haveABuild() throws Exception {
    start();
    for (String name : new String[] {"gitblobs.jar", "gitblobs.jsa", "lib", "lib/client.jar"}) {
      age(target(name), 0);
    }
  }

  private String start() throws Exception {
    return start(root.resolve("gitblobs"), Map.of());
  }

  /** Starts it under an environment of its own; an empty value takes a variable away. */
  private String start(Path launcher, Map<String, String> variables) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(launcher.toString(), "--version").redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().putAll(variables);
    builder.environment().values().removeIf(String::isEmpty);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(Files.exists(target("launch.turn"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    return output;
  }

  @Test
  void startsThroughLinksAndLeavesNothingBesideThem() throws Exception {
    Path elsewhere = Files.createDirectories(folder.resolve("bin"));
    Path link = elsewhere.resolve("gb");
    Files.createSymbolicLink(link, Path.of("second"));
    Files.createSymbolicLink(elsewhere.resolve("second"), Path.of("../a checkout/of it/gitblobs"));
    assertThat(start(link, Map.of())).contains("started");
    try (Stream<Path> left = Files.list(elsewhere)) {
      assertThat(left).hasSize(2);
    }
  }

  @Test
  void buildsNothingInARelease() throws Exception {
    Path release = Files.createDirectories(folder.resolve("a release"));
    Files.createDirectories(release.resolve("tools"));
    Files.createDirectories(release.resolve("jars/lib"));
    for (String part : new String[] {"gitblobs", "tools/launch.sh"}) {
      Files.copy(REAL.resolve(part), release.resolve(part));
    }
    Process broken = new ProcessBuilder(release.resolve("gitblobs").toString()).start();
    try (BufferedReader lines = broken.errorReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).contains("jars/gitblobs.jar is missing").contains("not whole");
    }
    assertThat(broken.waitFor()).isEqualTo(1);
    Files.createFile(release.resolve("jars/gitblobs.jar"));
    assertThat(start(release.resolve("gitblobs"), Map.of()))
        .contains("started")
        .contains("/jars/gitblobs.jar");
    assertThat(release.resolve("jars/gitblobs.jsa")).hasContent("classes");
  }

  @Test
  void readsNamesAsUtf8WhateverTheLocale() throws Exception {
    assertThat(start(root.resolve("gitblobs"), Map.of("LC_ALL", "C"))).contains("with C.UTF-8");
    assertThat(start(root.resolve("gitblobs"), Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "")))
        .contains("with C.UTF-8");
    assertThat(start(root.resolve("gitblobs"), Map.of("LC_ALL", "de_DE.utf8")))
        .contains("with de_DE.utf8");
  }

  @Test
  void findsTheHomeThatNobodyNamed() throws Exception {
    assertThat(start(root.resolve("gitblobs"), Map.of("HOME", ""))).containsPattern("in /\\S+");
  }

  @Test
  void takesTheTurnOfAStartThatDied() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.createDirectories(target(""));
    Files.createSymbolicLink(target("launch.turn"), Path.of(String.valueOf(gone.pid())));
    assertThat(start()).contains("building").contains("started");
  }

  @Test
  void saysForWhomItWaits() throws Exception {
    Files.createDirectories(target(""));
    Path turn = target("launch.turn");
    String us = String.valueOf(ProcessHandle.current().pid());
    Files.createSymbolicLink(turn, Path.of(us));
    ProcessBuilder builder =
        new ProcessBuilder(root.resolve("gitblobs").toString(), "--version")
            .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", jdk.toString());
    Process process = builder.start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).contains("waiting for the process " + us);
      Files.delete(turn);
      assertThat(lines.lines().toList()).element(0).asString().contains("building");
    }
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void buildsOnceAndMakesTheClassArchiveOnce() throws Exception {
    assertThat(start()).contains("building").contains("started");
    assertThat(start()).doesNotContain("building").contains("gitblobs.jsa");
    assertThat(root.resolve("builds")).hasContent("built");
    assertThat(jdk.resolve("dumps")).hasContent("dump");
  }

  @Test
  void usesAClassArchiveOfTheSameAgeAsTheJars() throws Exception {
    haveABuild();
    start();
    assertThat(jdk.resolve("dumps")).hasContent("dump");
  }

  @Test
  void usesNoClassArchiveThatIsOlderThanTheJar() throws Exception {
    haveABuild();
    age(target("gitblobs.jar"), 1);
    start();
    assertThat(jdk.resolve("dumps")).hasContent("dump\ndump");
    start();
    assertThat(jdk.resolve("dumps")).as("made now").hasContent("dump\ndump");
  }

  @Test
  void usesNoClassArchiveThatIsOlderThanALibrary() throws Exception {
    haveABuild();
    age(target("lib/client.jar"), 1);
    start();
    assertThat(jdk.resolve("dumps")).hasContent("dump\ndump");
  }

  @Test
  void makesAClassArchiveWhereThereIsNone() throws Exception {
    haveABuild();
    Files.delete(target("gitblobs.jsa"));
    start();
    assertThat(jdk.resolve("dumps")).hasContent("dump\ndump");
    assertThat(target("gitblobs.jsa")).hasContent("classes");
  }

  @Test
  void triesTheClassArchiveOnceWhenThatFails() throws Exception {
    Files.createFile(jdk.resolve("broken"));
    assertThat(start()).contains("started");
    assertThat(start()).contains("started");
    assertThat(jdk.resolve("dumps")).hasContent("dump");
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws Exception {
    haveABuild();
    age(Files.writeString(root.resolve("clients/java/src/main/X.java"), ""), 1);
    start();
    assertThat(root.resolve("builds")).hasContent("built\nbuilt");
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\nset -e\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
