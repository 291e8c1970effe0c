package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.ServerOp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One socket to one store of a relay. Used by one thread. Every method throws {@link
 * ConnectionLostException} once the connection is gone.
 */
public interface RelayConnection extends AutoCloseable {
  /**
   * Sends operations in order, in as few frames as they fit; returns when they are on their way.
   */
  void send(List<? extends ClientOp> ops);

  /** The next operation from the relay, or empty when none comes in this time. */
  Optional<ServerOp> receive(Duration patience);

  /** Says that this side is alive. Throws when the relay has not answered the one before. */
  void ping();

  @Override
  void close();
}
