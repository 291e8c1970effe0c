package dev.gitblobs.client.sync;

import org.jspecify.annotations.Nullable;

/** A relay that can be connected to. */
public interface Relay {
  /**
   * Opens a connection to this store. Nothing has been said on it yet.
   *
   * @param id the store's, where it is known: then no other store of that name is opened
   * @throws NoStoreException when there is no such store, or it was removed
   * @throws ConnectionLostException when the relay refuses or is not there
   */
  RelayConnection connect(String store, @Nullable Long id);

  /**
   * Makes a store of this name, or tells of the one that is there.
   *
   * @throws ConnectionLostException when the relay refuses or is not there
   */
  MadeStore make(String store);

  /**
   * An access token other than the one the last connection was opened with; later connections use
   * it too.
   *
   * @throws ConnectionLostException when there is none to be had
   */
  String freshToken();
}
