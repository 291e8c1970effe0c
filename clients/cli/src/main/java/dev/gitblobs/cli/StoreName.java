package dev.gitblobs.cli;

import java.util.regex.Pattern;

/** Names of stores at a relay (PROTOCOL.md 2). */
final class StoreName {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private StoreName() {}

  static String checked(String name) {
    if (!FORM.matcher(name).matches()) {
      throw new FailedException(
          "A store's name at a relay has 1 to 64 of a-z, 0-9, dot, dash and underscore.");
    }
    return name;
  }
}
