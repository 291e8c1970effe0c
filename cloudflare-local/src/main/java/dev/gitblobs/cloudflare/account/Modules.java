package dev.gitblobs.cloudflare.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files of uploads, kept once by their SHA-256. One that no version refers to is deleted at the
 * second sweep that finds it so: the runtime may be reading what the last change dropped.
 */
public final class Modules {
  private static final String FOLDER = "modules/";

  private final StateFiles files;
  // By hash, of uploads that are not part of the account's state yet.
  private final Map<String, Integer> held = new HashMap<>();
  private Set<String> unused = Set.of();

  Modules(StateFiles files) {
    this.files = files;
  }

  /**
   * Keeps the bytes of a module and answers their SHA-256, by which they are found again. They stay
   * until {@link #release}, and after that as long as a version refers to them.
   *
   * @throws UncheckedIOException when the disk refuses
   */
  public synchronized String hold(byte[] bytes) {
    try {
      String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      if (!files.exists(FOLDER + hash)) {
        files.writeBytes(FOLDER + hash, bytes);
      }
      held.merge(hash, 1, Integer::sum);
      return hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException("keeping a module", e);
    }
  }

  /** The upload is part of the state now, or was refused. */
  public synchronized void release(List<Version.Module> modules) {
    modules.forEach(
        module -> held.computeIfPresent(module.sha256(), (hash, n) -> n == 1 ? null : n - 1));
  }

  /** Where the bytes with this hash are kept; the file is missing if they never were. */
  public Path path(String sha256) {
    return files.path(FOLDER + sha256);
  }

  /** Deletes what was unused at the last sweep and still is. */
  synchronized void sweep(AccountState state) throws IOException {
    Set<String> used = new HashSet<>(held.keySet());
    for (Script script : state.scripts().values()) {
      for (Version version : script.versions()) {
        version.modules().forEach(module -> used.add(module.sha256()));
      }
    }
    Set<String> found = new HashSet<>(files.list(FOLDER));
    found.removeAll(used);
    for (String hash : found) {
      if (unused.contains(hash)) {
        files.delete(FOLDER + hash);
      }
    }
    unused = found;
  }
}
