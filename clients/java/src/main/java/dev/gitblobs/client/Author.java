package dev.gitblobs.client;

import dev.gitblobs.client.object.Signature;
import java.time.InstantSource;

/**
 * In whose name commits are made, and by which clock. Name and email may be empty, as original
 * clients leave them.
 */
public record Author(String name, String email, InstantSource clock) {
  /** The author's signature at this moment. */
  public Signature sign() {
    return Signature.at(name, email, clock.instant());
  }
}
