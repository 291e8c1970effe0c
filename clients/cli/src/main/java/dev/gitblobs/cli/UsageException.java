package dev.gitblobs.cli;

/** What the user asked for makes no sense here: exit status 2, and nothing has changed. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
