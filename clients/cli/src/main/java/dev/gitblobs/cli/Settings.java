package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.store.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user has set: in the store ({@code gitblobs/config.json}, first), else for all stores
 * ({@code $XDG_CONFIG_HOME/gitblobs/config.json}). The environment goes before both.
 */
final class Settings {
  static final String AUTHOR_NAME = "author.name";
  static final String AUTHOR_EMAIL = "author.email";

  /** All there is to set. */
  static final List<String> KEYS = List.of(AUTHOR_NAME, AUTHOR_EMAIL);

  private final Terminal terminal;
  private final Path ofStore;
  private final Path ofUser;

  Settings(Terminal terminal, Path store) {
    this.terminal = terminal;
    this.ofStore = store.resolve("gitblobs").resolve("config.json");
    this.ofUser = userFolder(terminal).resolve("config.json");
  }

  /** The folder for what belongs to the user and not to a store. */
  static Path userFolder(Terminal terminal) {
    String xdg = terminal.variable("XDG_CONFIG_HOME");
    String home = terminal.variable("HOME");
    if (xdg.isEmpty() && home.isEmpty()) {
      throw new FailedException(
          "There is no home folder for logins and settings: set HOME or XDG_CONFIG_HOME.");
    }
    Path base = xdg.isEmpty() ? Path.of(home).resolve(".config") : Path.of(xdg);
    return terminal.directory().resolve(base).resolve("gitblobs");
  }

  String authorName() {
    return get(AUTHOR_NAME, "GITBLOBS_AUTHOR_NAME").orElse("");
  }

  String authorEmail() {
    return get(AUTHOR_EMAIL, "GITBLOBS_AUTHOR_EMAIL").orElse("");
  }

  private Optional<String> get(String key, String variable) {
    return Optional.of(terminal.variable(variable))
        .filter(value -> !value.isEmpty())
        .or(() -> get(key));
  }

  Optional<String> get(String key) {
    return read(ofStore).text(key).or(() -> read(ofUser).text(key));
  }

  void set(String key, String value, boolean forAllStores) {
    Path file = forAllStores ? ofUser : ofStore;
    Map<String, Json> members = new LinkedHashMap<>(read(file).members());
    members.put(key, Json.of(value));
    String text = new Json.Obj(members).toText() + "\n";
    try {
      DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new FailedException("Tried to write " + file + " but failed: " + e, e);
    }
  }

  private static Json.Obj read(Path file) {
    try {
      return Files.exists(file) ? JsonReader.readObject(Files.readAllBytes(file)) : Json.object();
    } catch (IOException | JsonReader.InvalidJsonException e) {
      throw new FailedException("Tried to read the settings in " + file + " but failed: " + e, e);
    }
  }
}
