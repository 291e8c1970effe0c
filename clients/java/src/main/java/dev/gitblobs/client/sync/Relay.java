package dev.gitblobs.client.sync;

/** A relay that can be connected to. */
public interface Relay {
  /**
   * Opens a connection to this store. Nothing has been said on it yet.
   *
   * @throws ConnectionLostException when the relay refuses or is not there
   */
  RelayConnection connect(String store);
}
