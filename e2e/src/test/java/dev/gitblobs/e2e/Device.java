package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A user's device that runs {@code ./gitblobs}: its logins and its copies are its own. */
final class Device {
  private final Launcher launcher;
  private final Path folder;

  Device(Launcher launcher, Path folder) {
    this.folder = folder;
    this.launcher = launcher.with("XDG_CONFIG_HOME", folder.resolve("config").toString());
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where this device keeps its copy of a store. */
  Path store(String name) {
    return folder.resolve(name);
  }

  /** Logs in; the password goes through a file. */
  void logIn(String url, String user, String password) {
    Path file = write("password", password + "\n");
    succeed("login", url, "--user", user, "--password-file", file.toString());
  }

  /** Ties a copy that is here to a store at the relay. */
  void tie(String copy, String url, String store) {
    succeed("--store", store(copy).toString(), "remote", "set", url, store);
  }

  /** Adds one file to a copy as a commit of its own. */
  void add(String copy, String name, String text) {
    on(copy, "add", write(name, text).toString(), "--as", name);
  }

  /** A new copy, tied to a store of the same name at the relay. */
  void begin(String store, String url) {
    succeed("--store", store(store).toString(), "init");
    tie(store, url, store);
  }

  /** A copy of a store that is at the relay. */
  void clone(String store, String url) {
    succeed("clone", url, store, store(store).toString());
  }

  /** {@code gitblobs --store COPY ARGUMENTS --json}, which has to end well; its answer. */
  JsonNode on(String copy, String... arguments) {
    return succeed(onCopy(copy, arguments)).json();
  }

  /** The same, which has to end as failed. */
  Run failsOn(String copy, String... arguments) {
    return fail(onCopy(copy, arguments));
  }

  /** Starts the same and does not wait. */
  Process startOn(String copy, String... arguments) {
    return launcher.start(gitblobs(onCopy(copy, arguments)));
  }

  private String[] onCopy(String copy, String... arguments) {
    List<String> line = new ArrayList<>(List.of("--store", store(copy).toString()));
    line.addAll(List.of(arguments));
    line.add("--json");
    return line.toArray(String[]::new);
  }

  /** The newest commit of a copy. */
  String head(String copy) {
    return on(copy, "log", "--limit", "1").at("/0/hash").asText();
  }

  /** What a file of a copy holds. */
  String cat(String copy, String name) {
    return succeed("--store", store(copy).toString(), "cat", name).out();
  }

  /** Every object of a copy is there and is what its hash says. */
  void isWhole(String copy) {
    JsonNode report = on(copy, "verify");
    assertThat(report.path("whole").asBoolean()).as(report.toString()).isTrue();
  }

  /** {@code gitblobs ARGUMENTS}, which has to end well. */
  Run succeed(String... arguments) {
    Run run = run(arguments);
    assertThat(run.exit()).as("%s: %s", List.of(arguments), run.all()).isZero();
    return run;
  }

  /** {@code gitblobs ARGUMENTS}, which has to end as failed. */
  Run fail(String... arguments) {
    Run run = run(arguments);
    assertThat(run.exit()).as("%s: %s", List.of(arguments), run.all()).isEqualTo(1);
    return run;
  }

  /** {@code gitblobs ARGUMENTS}, however it ends. */
  Run run(String... arguments) {
    return launcher.run(gitblobs(arguments));
  }

  private List<String> gitblobs(String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.root().resolve("gitblobs").toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** A file of this device, outside its copies. */
  Path write(String name, String text) {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A file of this device, outside its copies. */
  Path write(String name, byte[] content) {
    Path file = folder.resolve("files").resolve(name);
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
