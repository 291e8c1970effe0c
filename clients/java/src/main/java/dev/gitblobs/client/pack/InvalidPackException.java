package dev.gitblobs.client.pack;

import dev.gitblobs.client.GitBlobsException;
import org.jspecify.annotations.Nullable;

/** The bytes are not a pack, or hold an object that is not what it claims to be. */
public final class InvalidPackException extends GitBlobsException {
  InvalidPackException(String reason) {
    this(reason, null);
  }

  InvalidPackException(String reason, @Nullable Throwable cause) {
    super("Tried to read a pack but " + reason + ". Nothing was imported.", cause);
  }
}
