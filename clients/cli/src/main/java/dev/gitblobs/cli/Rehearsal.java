package dev.gitblobs.cli;

import dev.gitblobs.client.sync.ConnectionLostException;
import dev.gitblobs.client.sync.Login;
import dev.gitblobs.client.sync.LoginFile;
import dev.gitblobs.client.sync.RelayAccount;
import dev.gitblobs.client.sync.RelayConnection;
import dev.gitblobs.client.sync.WebSocketRelay;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Runs the common commands once on a throw-away store. The launcher records which classes that
 * loads ({@code -XX:DumpLoadedClassList}) so that every later start finds them ready.
 */
public final class Rehearsal {
  /** An address where nobody listens (tcpmux, RFC 1078): the way there is what has to be known. */
  private static final String NOBODY = "http://127.0.0.1:1";

  private static final Instant LONG_GOOD = Instant.parse("2100-01-01T00:00:00Z");

  private static final String[][] COMMANDS = {
    {"--version"},
    {"init"},
    {"add", "-", "--as", "a.txt"},
    {"add", "-", "--as", "b.txt", "-m", "second"},
    {"status"},
    {"log", "--graph"},
    {"log", "--json"},
    {"show"},
    {"cat", "a.txt"},
    {"diff"},
    {"mv", "a.txt", "c.txt"},
    {"rm", "b.txt"},
    {"restore", "b.txt"},
    {"undo"},
    {"log", "c.txt"},
    {"snapshot"},
    {"export", "backup.bin"},
    {"import", "backup.bin"},
    {"verify"},
    {"folder", "work"},
    {"commit"},
    {"status"},
    {"login", NOBODY, "--user", "nobody", "--password-file", "password"},
  };

  private Rehearsal() {}

  /** Runs them; what they print goes nowhere. */
  public static void main(String[] args) throws IOException {
    // The entry itself, which is not run here.
    Objects.requireNonNull(Main.class);
    Path folder = Files.createTempDirectory("gitblobs");
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Files.writeString(folder.resolve("password"), "a password of nobody");
    knock(new LoginFile(folder.resolve("login.json")));
    for (String[] command : COMMANDS) {
      Terminal terminal =
          new Terminal(
              new ByteArrayInputStream(command[0].getBytes(StandardCharsets.UTF_8)),
              nowhere,
              nowhere,
              Map.of("HOME", folder.toString()),
              folder,
              InstantSource.system(),
              false,
              false);
      Gitblobs.run(terminal, command);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Tries to open a relay's socket. */
  private static void knock(LoginFile logins) {
    logins.put(new Login(NOBODY, "nobody", "-", LONG_GOOD, "-", false));
    RelayAccount account =
        new RelayAccount(HttpClient.newHttpClient(), NOBODY, logins, InstantSource.system());
    try (RelayConnection connection = new WebSocketRelay(account).connect("store", null)) {
      connection.ping();
    } catch (ConnectionLostException e) {
      return; // as it has to be: nobody is there
    }
  }
}
