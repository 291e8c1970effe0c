package dev.gitblobs.client.history;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Line by line differences of two texts, in the unified format. */
public final class TextDiff {
  private static final int CONTEXT_LINES = 3;

  private TextDiff() {}

  /**
   * The lines of the unified diff; none when both are equal. Empty when either is no text: not
   * UTF-8, or with NUL.
   */
  public static Optional<List<String>> unified(String path, byte[] before, byte[] after) {
    Optional<List<String>> left = lines(before);
    Optional<List<String>> right = lines(after);
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        UnifiedDiffUtils.generateUnifiedDiff(
            "a/" + path,
            "b/" + path,
            left.get(),
            DiffUtils.diff(left.get(), right.get()),
            CONTEXT_LINES));
  }

  private static Optional<List<String>> lines(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(text.lines().toList());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
