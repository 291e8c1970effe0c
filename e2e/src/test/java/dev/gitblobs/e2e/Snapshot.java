package dev.gitblobs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The state folder of an environment {@code local} right after {@code relayctl up local} of this
 * build, with nothing running: made when first asked for, by whichever test process comes first,
 * and kept until the build changes.
 */
final class Snapshot {
  /** What decides how an environment looks after {@code up}. */
  private static final List<String> SOURCES =
      List.of(
          "worker/dist/worker.mjs",
          "worker/bindings.json",
          "infra/target/infra.jar",
          "cloudflare-local/target/cloudflare-local.jar",
          "cloudflare-local/runtime",
          "ops-cli/target/relayctl.jar",
          "infra/stacks/Pulumi.local.yaml",
          "migrations");

  private Snapshot() {}

  /** The folder, to be copied and never written to. */
  static Path ofThisBuild() {
    Path folder = Launcher.checkout().resolve("e2e/target/prepared");
    Path made = folder.resolve(digest());
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (lock.isValid() && !Files.exists(made)) {
          make(folder, made);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return made;
  }

  private static void make(Path folder, Path made) throws IOException {
    Launcher launcher = new Launcher(Files.createTempDirectory(folder, "making"));
    launcher.operate("up", "local");
    PreparedRelay.stop(launcher);
    Files.move(launcher.local(), made, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String source : SOURCES) {
        try (Stream<Path> files = Files.walk(Launcher.checkout().resolve(source))) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            digest.update(Files.readAllBytes(file));
          }
        }
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
