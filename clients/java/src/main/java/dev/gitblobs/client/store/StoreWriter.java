package dev.gitblobs.client.store;

import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.StoredObject;

/**
 * One writer's turn. Nothing is seen by others before {@link #commit}; then the objects are durable
 * first and the head moves last, so that a crash at any moment leaves a whole store.
 */
public interface StoreWriter extends AutoCloseable {
  /** Adds an object; one that is there already is left alone. The caller has verified it. */
  void put(StoredObject object);

  /**
   * Moves the head at the commit of this turn.
   *
   * @param step what does so, for the log of heads: one word
   */
  void setHead(Hash commit, String step);

  /** The same for whoever has no word for it. */
  default void setHead(Hash commit) {
    setHead(commit, "move");
  }

  /** Points a name (letters, digits, {@code ._-}) at a commit at the commit of this turn. */
  void setRef(String name, Hash commit);

  /** Makes everything put so far durable and seen. May be called again after more puts. */
  void commit();

  /** Ends the turn; what was not committed is dropped. */
  @Override
  void close();
}
