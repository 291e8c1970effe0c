package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.store.DurableFile;
import dev.gitblobs.client.store.ProcessLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The user's logins, one per relay, in a file that only the user can read (mode 0600). */
public final class LoginFile {
  /** A process that renews is done within this time, or hangs. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path file;

  /** The logins in this file, which need not exist. */
  public LoginFile(Path file) {
    this.file = file;
  }

  /** The login at this relay, or empty. */
  public Optional<Login> find(String url) {
    return read().get(url).flatMap(entry -> login(url, entry));
  }

  private static Optional<Login> login(String url, Json entry) {
    if (!(entry instanceof Json.Obj fields)) {
      return Optional.empty();
    }
    Optional<String> access = fields.text("access_token").filter(LoginFile::isToken);
    Optional<String> refresh = fields.text("refresh_token").filter(LoginFile::isToken);
    Optional<String> expires = fields.text("expires_at");
    if (access.isEmpty() || refresh.isEmpty() || expires.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Login(
            url,
            fields.text("user").orElse(""),
            access.get(),
            instant(expires.get()),
            refresh.get(),
            false));
  }

  /** What can travel in a header; anything else is no token, and would be shown by who sends it. */
  private static boolean isToken(String text) {
    return text.chars().allMatch(character -> character > ' ' && character <= '~');
  }

  /** A time that cannot be read is over: the token is renewed then. */
  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  /**
   * Does something alone among all processes and threads that use this file: a refresh token can be
   * used once only. Fails before it begins where nothing could be kept of it.
   */
  <T> T exclusively(Supplier<T> work) {
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    try (ProcessLock turn = ProcessLock.take(lock, PATIENCE).orElseThrow(() -> busy(lock))) {
      return work.get();
    } catch (IOException e) {
      throw new GitBlobsException(
          "Tried to renew the login in " + file + " but nothing can be written there: " + e, e);
    }
  }

  private static GitBlobsException busy(Path lock) {
    return new GitBlobsException(
        "Another process has been renewing the login for "
            + PATIENCE.toMinutes()
            + " minutes ("
            + lock
            + " is locked). Try again, or end that process.");
  }

  /** Keeps a login in place of any other at its relay. */
  public void put(Login login) {
    Map<String, Json> logins = new LinkedHashMap<>(read().members());
    logins.put(
        login.url(),
        Json.object(
            "user", Json.of(login.user()),
            "access_token", Json.of(login.accessToken()),
            "expires_at", Json.of(login.expiresAt().toString()),
            "refresh_token", Json.of(login.refreshToken())));
    write(new Json.Obj(logins));
  }

  /** Forgets the login at this relay. */
  public void remove(String url) {
    Map<String, Json> logins = new LinkedHashMap<>(read().members());
    if (logins.remove(url) != null) {
      write(new Json.Obj(logins));
    }
  }

  private Json.Obj read() {
    try {
      return Files.exists(file) ? JsonReader.readObject(Files.readAllBytes(file)) : Json.object();
    } catch (IOException | JsonReader.InvalidJsonException e) {
      throw new GitBlobsException(
          "Tried to read the logins in " + file + " but failed. Log in again after removing it.",
          e);
    }
  }

  private void write(Json.Obj logins) {
    try {
      DurableFile.write(file, logins.toText().getBytes(StandardCharsets.UTF_8), privately());
    } catch (IOException e) {
      throw new GitBlobsException("Tried to write the logins to " + file + " but failed: " + e, e);
    }
  }

  /** Mode 0600 from the first moment, where there are modes. */
  private static FileAttribute<?>[] privately() {
    boolean hasModes = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return hasModes
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
