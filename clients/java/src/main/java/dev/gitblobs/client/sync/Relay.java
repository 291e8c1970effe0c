package dev.gitblobs.client.sync;

/** A relay that can be connected to. */
public interface Relay {
  /**
   * Opens a connection to this store. Nothing has been said on it yet.
   *
   * @throws ConnectionLostException when the relay refuses or is not there
   */
  RelayConnection connect(String store);

  /**
   * An access token other than the one the last connection was opened with; later connections use
   * it too.
   *
   * @throws ConnectionLostException when there is none to be had
   */
  String freshToken();
}
