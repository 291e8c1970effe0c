package dev.gitblobs.ops.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run as the lock row names it: {@code HOST/PID/START}, so that people can find it and a later
 * run on the same machine can tell that it is dead.
 *
 * @param id the text in the row
 */
record LockOwner(String id) {
  private static final String NAMELESS = "unknown-host";

  /** Names that many machines have: such a one tells nothing about where a run is. */
  private static final Set<String> SHARED_NAMES =
      Set.of(NAMELESS, "localhost", "localhost.localdomain");

  private static final String HOST = host(System.getenv("HOSTNAME"), Path.of("/etc/hostname"));

  /** This very process; two runs in it are two owners. */
  static LockOwner ofThisRun() {
    return new LockOwner(HOST + "/" + ProcessHandle.current().pid() + "/" + System.nanoTime());
  }

  /** Whether that run was, for certain, on this machine and its process is gone. */
  static boolean isGone(String id) {
    return isGone(id, HOST);
  }

  /** The same on a machine of that name. */
  static boolean isGone(String id, String host) {
    String[] parts = id.split("/", -1);
    return parts.length == 3
        && !SHARED_NAMES.contains(host)
        && parts[0].equals(host)
        && parts[1].matches("\\d{1,9}")
        && ProcessHandle.of(Long.parseLong(parts[1])).filter(ProcessHandle::isAlive).isEmpty();
  }

  /** For people. */
  static String describe(String id) {
    String[] parts = id.split("/", -1);
    return parts.length == 3 ? "process " + parts[1] + " on " + parts[0] : "another run";
  }

  /**
   * This machine's name: the given one, else what the file says. No name service is asked: that may
   * take seconds.
   */
  static String host(@Nullable String given, Path file) {
    String name = given == null || given.isBlank() ? read(file) : given;
    return name.isBlank() ? NAMELESS : name.strip().replace('/', '-');
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // as on a Mac
    }
  }
}
