package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    Path file = folder.resolve("password");
    write(file, password + "\n");
    succeed("login", url, "--user", user, "--password-file", file.toString());
  }

  /** Ties a copy that is here to a store at the relay. */
  void tie(String copy, String url, String store) {
    succeed("--store", store(copy).toString(), "remote", "set", url, store);
  }

  /** Adds one file to a copy as a commit of its own. */
  void add(String copy, String name, String text) {
    Path file = folder.resolve(name);
    write(file, text);
    succeed("--store", store(copy).toString(), "add", file.toString(), "--as", name);
  }

  /** {@code gitblobs --store COPY ARGUMENTS --json}, which has to end well; its answer. */
  JsonNode on(String copy, String... arguments) {
    List<String> line = new ArrayList<>(List.of("--store", store(copy).toString()));
    line.addAll(List.of(arguments));
    line.add("--json");
    return succeed(line.toArray(String[]::new)).json();
  }

  /** The newest commit of a copy. */
  String head(String copy) {
    return on(copy, "log", "--limit", "1").at("/0/hash").asText();
  }

  /** {@code gitblobs ARGUMENTS}, which has to end well. */
  Run succeed(String... arguments) {
    Run run = run(arguments);
    assertThat(run.exit()).as(run.all()).isZero();
    return run;
  }

  /** {@code gitblobs ARGUMENTS}, however it ends. */
  Run run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.root().resolve("gitblobs").toString()));
    command.addAll(List.of(arguments));
    return launcher.run(command);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
