package dev.gitblobs.client.sync;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which store the one user of an {@link InMemoryRelay} has, and which there were. */
final class InMemoryRegistry {
  private long id = 1;
  private boolean isThere = true;
  private final Set<Long> removed = new HashSet<>();

  /** The store's id, or that of the last one. */
  long id() {
    return id;
  }

  /** Makes a store unless there is one; whether it did. */
  boolean make() {
    if (isThere) {
      return false;
    }
    id++;
    isThere = true;
    return true;
  }

  void remove() {
    isThere = false;
    removed.add(id);
  }

  /** Refuses a connection to a store that is not there, or to another one than is meant. */
  void check(@Nullable Long meant) {
    if (isThere && (meant == null || meant == id)) {
      return;
    }
    boolean wasRemoved = meant != null && removed.contains(meant);
    String code = wasRemoved ? NoStoreException.STORE_REMOVED : NoStoreException.NO_STORE;
    throw new NoStoreException("the relay refused: " + code, code);
  }
}
