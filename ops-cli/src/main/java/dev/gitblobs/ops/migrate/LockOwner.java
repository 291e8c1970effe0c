package dev.gitblobs.ops.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One run as the lock row names it: {@code HOST/PID/START}, so that people can find it and a later
 * run on the same machine can tell that it is dead.
 *
 * @param id the text in the row
 */
record LockOwner(String id) {
  private static final String HOST = host();

  /** This very process; two runs in it are two owners. */
  static LockOwner ofThisRun() {
    return new LockOwner(HOST + "/" + ProcessHandle.current().pid() + "/" + System.nanoTime());
  }

  /** Whether that run was on this machine and its process is gone. */
  static boolean isGone(String id) {
    String[] parts = id.split("/", -1);
    return parts.length == 3
        && parts[0].equals(HOST)
        && parts[1].matches("\\d{1,9}")
        && ProcessHandle.of(Long.parseLong(parts[1])).filter(ProcessHandle::isAlive).isEmpty();
  }

  /** For people. */
  static String describe(String id) {
    String[] parts = id.split("/", -1);
    return parts.length == 3 ? "process " + parts[1] + " on " + parts[0] : "another run";
  }

  /** No name service is asked: that may take seconds. */
  private static String host() {
    String named = System.getenv("HOSTNAME");
    if (named == null || named.isBlank()) {
      try {
        named = Files.readString(Path.of("/etc/hostname"));
      } catch (IOException e) {
        named = "unknown-host";
      }
    }
    return named.strip().replace('/', '-');
  }
}
