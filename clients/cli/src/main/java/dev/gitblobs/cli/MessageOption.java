package dev.gitblobs.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code -m}: what a commit says. */
final class MessageOption {
  /** What Java puts where the system's bytes are no text of its locale. */
  static final char LOST = '\ufffd';

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "What the commit says.")
  private @Nullable String message;

  /** The user's words, else those. Throws {@link UsageException} for words that say nothing. */
  String or(String otherwise) {
    String words = orNull();
    return words == null ? otherwise : words;
  }

  /** The user's words, or null. Throws {@link UsageException} for words that say nothing. */
  @Nullable String orNull() {
    if (message == null) {
      return null;
    }
    if (message.isBlank()) {
      throw new UsageException("-m needs some words; leave it out for the usual ones.");
    }
    if (message.indexOf(LOST) >= 0) {
      throw new UsageException(
          "The message is not text in this locale: set LC_ALL=C.UTF-8, or another with UTF-8.");
    }
    return message;
  }
}
