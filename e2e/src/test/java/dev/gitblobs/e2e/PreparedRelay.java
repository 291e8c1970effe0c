package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;

/**
 * The environment {@code local} of a journey that is not about bringing it up: a copy of what the
 * genuine engine made once ({@link Snapshot}), on ports of its own.
 */
final class PreparedRelay implements AutoCloseable {
  private static final String SCRIPT = "gitblobs-relay-local";

  private final Launcher launcher;
  private final String url;

  private PreparedRelay(Launcher launcher, String url) {
    this.launcher = launcher;
    this.url = url;
  }

  /** A relay of this checkout, its state in that folder. */
  static PreparedRelay start(Path state) {
    return start(new Launcher(state));
  }

  /** A relay in the state folder of that launcher, which must not have one yet. */
  static PreparedRelay start(Launcher launcher) {
    Path cloudflare = launcher.local().resolve("cloudflare");
    try {
      copy(Snapshot.ofThisBuild(), launcher.local());
      moveToOwnPorts(cloudflare);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LocalCloudflare started = LocalCloudflare.start(cloudflare);
    return new PreparedRelay(launcher, started.worker(SCRIPT).toString());
  }

  /** The launcher whose {@code local} this is. */
  Launcher launcher() {
    return launcher;
  }

  /** Where it listens, until something restarts it. */
  String url() {
    return url;
  }

  /** Adds a user who has that password. */
  void addUser(String name, String password) {
    Launcher.Run added =
        launcher.relayctlReading(password + "\n", "users", "add", name, "--password-stdin");
    assertThat(added.exit()).as(added.all()).isZero();
  }

  /** Ends whatever serves it by now, as a machine that is switched off does. */
  @Override
  public void close() {
    new LocalRelay(launcher, url)
        .mostQueries()
        .ifPresent(
            most ->
                System.out.printf(
                    "The most D1 queries of one invocation: %d of the 1,000 allowed%n", most));
    stop(launcher);
  }

  /** Ends the local Cloudflare of a launcher and all that it started. */
  static void stop(Launcher launcher) {
    List<ProcessHandle> all = new Wrangler(launcher).processes();
    all.forEach(ProcessHandle::destroy);
    all.forEach(process -> process.onExit().join());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** Copies of one snapshot run side by side: none may find the ports of another. */
  private static void moveToOwnPorts(Path cloudflare) throws IOException {
    Path identity = cloudflare.resolve("identity.json");
    ObjectNode ports = (ObjectNode) Launcher.JSON.readTree(identity.toFile());
    List.of("apiPort", "providerPort", "frontPort").forEach(port -> ports.put(port, freePort()));
    Launcher.JSON.writeValue(identity.toFile(), ports);
    Path account = cloudflare.resolve("account.json");
    ObjectNode state = (ObjectNode) Launcher.JSON.readTree(account.toFile());
    state.path("scripts").forEach(script -> ((ObjectNode) script).put("port", freePort()));
    Launcher.JSON.writeValue(account.toFile(), state);
  }

  /** Below those of outgoing connections, as cloudflare-local itself chooses. */
  private static int freePort() {
    return new SecureRandom()
        .ints(10_000, 32_768)
        .filter(PreparedRelay::isFree)
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
