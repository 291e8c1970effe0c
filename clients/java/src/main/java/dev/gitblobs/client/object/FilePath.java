package dev.gitblobs.client.object;

import java.text.Normalizer;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.Stream;

/** Which names a new file may have. Stored trees may hold others: those are read, never made. */
public final class FilePath {
  /** Longer names are refused: no file system and no original client shows them. */
  private static final int MAX_LENGTH = 1024;

  /** What Java decodes bytes to that are no text in the system's locale. */
  private static final char LOST = '\ufffd';

  private FilePath() {}

  /**
   * The order in which names that would make a tree's hash depend on the order of adding stand side
   * by side: by key order first.
   */
  public static final Comparator<String> ORDER =
      KeyOrder.ROOT.thenComparing(Comparator.naturalOrder());

  /**
   * Why a new file cannot have this name beside those, or empty when it can.
   *
   * @param others names sorted by {@link #ORDER}
   */
  public static Optional<String> refusal(String path, NavigableSet<String> others) {
    if (path.isEmpty() || path.length() > MAX_LENGTH) {
      return Optional.of("a name has 1 to " + MAX_LENGTH + " characters");
    }
    if (path.equals("__proto__")) {
      return Optional.of("JavaScript clients cannot hold this name");
    }
    if (path.codePoints().anyMatch(FilePath::isUnfit)) {
      return Optional.of("a name may not hold control characters or broken Unicode");
    }
    if (path.indexOf(LOST) >= 0) {
      return Optional.of(
          "the name is not text in this locale, and would be stored as another one; set"
              + " LC_ALL=C.UTF-8, or rename the file");
    }
    if (!Normalizer.isNormalized(path, Normalizer.Form.NFC)) {
      return Optional.of("the name is not in Unicode normal form C");
    }
    return Stream.of(
            Optional.ofNullable(others.lower(path)), Optional.ofNullable(others.higher(path)))
        .flatMap(Optional::stream)
        .filter(other -> KeyOrder.ROOT.compare(other, path) == 0)
        .findFirst()
        .map(other -> "the tree already holds a name that sorts as the same: " + other);
  }

  private static boolean isUnfit(int codePoint) {
    return Character.isISOControl(codePoint)
        || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
  }
}
