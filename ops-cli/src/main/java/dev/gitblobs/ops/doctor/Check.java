package dev.gitblobs.ops.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at; its JSON form is stable.
 *
 * @param name what was looked at, in a word or two
 * @param state how it is
 * @param detail what was found
 * @param remedy what to do about it; null when it is ok
 */
public record Check(String name, State state, String detail, @Nullable String remedy) {
  /** How a thing is. */
  public enum State {
    OK,
    WARNING,
    FAILED;

    /** As in JSON: lower case. */
    @Override
    @JsonValue
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Check ok(String name, String detail) {
    return new Check(name, State.OK, detail, null);
  }

  static Check warning(String name, String detail, String remedy) {
    return new Check(name, State.WARNING, detail, remedy);
  }

  static Check failed(String name, String detail, String remedy) {
    return new Check(name, State.FAILED, detail, remedy);
  }
}
