package dev.gitblobs.ops.environment;

import org.jspecify.annotations.Nullable;

/**
 * Something in the world kept a command from finishing. The message says what was tried, on what
 * and what happened; the remedy says what the operator does next. Printed as such, exit code 1.
 */
public final class OpsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String remedy;
  private final boolean usage;

  /** A failure without an underlying exception. */
  public OpsException(String message, String remedy) {
    this(message, remedy, null);
  }

  /** A failure with its cause, which is shown only with {@code --verbose}. */
  public OpsException(String message, String remedy, @Nullable Throwable cause) {
    this(message, remedy, cause, false);
  }

  private OpsException(String message, String remedy, @Nullable Throwable cause, boolean usage) {
    super(message, cause);
    this.remedy = remedy;
    this.usage = usage;
  }

  /** The command was asked for something that cannot be: exit code 2 instead of 1. */
  public static OpsException usage(String message, String remedy) {
    return new OpsException(message, remedy, null, true);
  }

  /** Whether the words of the command are at fault, not the world. */
  public boolean isUsage() {
    return usage;
  }

  /** What the operator does next; one or more sentences, never empty. */
  public String remedy() {
    return remedy;
  }
}
