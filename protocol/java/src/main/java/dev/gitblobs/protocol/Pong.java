package dev.gitblobs.protocol;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a pong says: the store's epoch and the number of its newest event (PROTOCOL.md 4). */
public record Pong(String epoch, long head) {
  /** The text a client sends to stay alive. */
  public static final String PING = "ping";

  private static final Pattern TEXT = Pattern.compile("pong:([a-z0-9]{1,16}):(0|[1-9][0-9]{0,15})");

  public Pong {
    Check.epoch(epoch);
    Check.count("head", head);
  }

  /** Reads a pong; empty for any other text. */
  public static Optional<Pong> decode(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches() || Long.parseLong(matcher.group(2)) > Check.MAX_COUNT) {
      return Optional.empty();
    }
    return Optional.of(new Pong(matcher.group(1), Long.parseLong(matcher.group(2))));
  }

  /** The text of this pong. */
  public String encode() {
    return "pong:" + epoch + ":" + head;
  }
}
