package dev.gitblobs.client.object;

import dev.gitblobs.client.GitBlobsException;

/** Data from outside that claims to be an object does not have an object's form. */
public final class MalformedObjectException extends GitBlobsException {
  /** Says what is wrong with it. */
  public MalformedObjectException(String message) {
    super(message);
  }
}
