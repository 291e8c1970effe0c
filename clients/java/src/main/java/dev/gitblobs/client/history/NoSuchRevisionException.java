package dev.gitblobs.client.history;

import dev.gitblobs.client.GitBlobsException;

/** What was said names no commit, or several. */
public final class NoSuchRevisionException extends GitBlobsException {
  private static final long serialVersionUID = 1L;

  NoSuchRevisionException(String message) {
    super(message);
  }
}
