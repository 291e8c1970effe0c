package dev.gitblobs.ops.environment;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.OptionalInt;

/**
 * A secret on its way through this program; it never shows itself.
 *
 * @param value the secret, without surrounding white space
 */
public record Secret(String value) {
  /** What editors and other systems put before a text; no part of it. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** Takes off what files, pipes and copying put around it. */
  public Secret {
    String stripped = value.strip();
    value = stripped.startsWith(BYTE_ORDER_MARK) ? stripped.substring(1).stripLeading() : stripped;
  }

  /**
   * A bearer token: visible ASCII without spaces, so that it can travel in a header (RFC 6750).
   * Anything else came along when it was copied.
   *
   * @param what where it came from, for the message: {@code RELAY_ADMIN_TOKEN}
   * @throws OpsException a usage error that tells where the text is wrong, and nothing of the text
   */
  public static Secret token(String what, String text) {
    Secret secret = new Secret(text);
    OptionalInt wrong = firstWrong(secret.value());
    if (wrong.isPresent()) {
      int at = wrong.getAsInt();
      throw OpsException.usage(
          "%s holds U+%04X at place %d of %d, which no token has."
              .formatted(
                  what,
                  secret.value().codePointAt(at),
                  secret.value().codePointCount(0, at) + 1,
                  secret.value().codePointCount(0, secret.value().length())),
          "Copy the token again: one line of letters, digits and punctuation.");
    }
    return secret;
  }

  private static OptionalInt firstWrong(String text) {
    for (int at = 0; at < text.length(); at++) {
      char character = text.charAt(at);
      if (character <= ' ' || character > '~') {
        return OptionalInt.of(at);
      }
    }
    return OptionalInt.empty();
  }

  /** Says nothing, in JSON neither. */
  @JsonValue
  @Override
  public String toString() {
    return "(secret)";
  }
}
