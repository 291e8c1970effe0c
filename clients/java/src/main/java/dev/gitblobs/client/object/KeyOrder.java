package dev.gitblobs.client.object;

import com.ibm.icu.text.Collator;
import com.ibm.icu.util.ULocale;
import java.util.Comparator;
import java.util.List;

/**
 * The orders in which clients sort an object's keys before hashing (FORMAT.md 2.3). Writers use
 * {@link #ROOT}. Different strings can be equal in it.
 */
public final class KeyOrder {
  /** ICU root collation, tertiary strength; strings of ASCII alone are compared without ICU. */
  public static final Comparator<String> ROOT = KeyOrder::compareByRoot;

  /** Locales whose order differs from root and that original clients ran under. */
  private static final List<String> FOREIGN_LOCALES =
      List.of("da", "cs", "sv", "et", "lt", "vi", "zh", "ja", "ko");

  private KeyOrder() {}

  /** Loaded when the first key that is not ASCII turns up: ICU costs a tenth of a second. */
  private static final class Icu {
    static final Collator ROOT = collator(ULocale.ROOT);
    static final List<Comparator<String>> FOREIGN =
        FOREIGN_LOCALES.stream()
            .map(locale -> collator(new ULocale(locale)))
            .<Comparator<String>>map(collator -> collator::compare)
            .toList();

    private static Collator collator(ULocale locale) {
      Collator collator = Collator.getInstance(locale);
      collator.setStrength(Collator.TERTIARY);
      collator.setDecomposition(Collator.CANONICAL_DECOMPOSITION);
      return collator.freeze();
    }
  }

  /** The orders an original client may have used in place of root; slow to load. */
  static List<Comparator<String>> foreign() {
    return Icu.FOREIGN;
  }

  private static int compareByRoot(String a, String b) {
    return AsciiOrder.isAscii(a) && AsciiOrder.isAscii(b)
        ? AsciiOrder.compare(a, b)
        : compareByIcu(a, b);
  }

  /** ICU's own answer, for any strings. */
  static int compareByIcu(String a, String b) {
    return Icu.ROOT.compare(a, b);
  }
}
