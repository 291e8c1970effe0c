package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;

/** The relay will not take objects: they are too large for it, or the user's quota is used up. */
public final class QuotaException extends GitBlobsException {
  QuotaException(int objects) {
    super(
        "Tried to push but the relay does not take "
            + objects
            + " objects: the quota is used up, or they are too large for it.");
  }
}
