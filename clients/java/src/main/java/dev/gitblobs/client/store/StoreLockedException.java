package dev.gitblobs.client.store;

import dev.gitblobs.client.GitBlobsException;
import java.nio.file.Path;
import java.time.Duration;

/** Another process kept writing to the store for longer than we wait. */
public final class StoreLockedException extends GitBlobsException {
  StoreLockedException(Path store, Duration waited) {
    super(
        "Tried to write to "
            + store
            + " but another process has been writing to it for "
            + waited.toSeconds()
            + " s. Try again when it has ended.");
  }
}
