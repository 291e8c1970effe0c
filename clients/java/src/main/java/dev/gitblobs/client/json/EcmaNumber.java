package dev.gitblobs.client.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Writes a double as ECMAScript's {@code Number::toString} and {@code JSON.stringify} do. Own code
 * because {@link Double#toString} differs in form, and before JDK 19 in digits too.
 */
public final class EcmaNumber {
  /** Whole numbers below this are exact in a double and their shortest digits are all digits. */
  private static final double EXACT = 9_007_199_254_740_992.0;

  private EcmaNumber() {}

  /** The JSON text of the number; NaN and infinities are {@code null}, minus zero is {@code 0}. */
  public static String toText(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "null";
    }
    if (value == Math.rint(value) && Math.abs(value) < EXACT) {
      return Long.toString((long) value);
    }
    String sign = value < 0 ? "-" : "";
    return sign + layOut(shortest(Math.abs(value)));
  }

  /** The shortest decimal that reads back as the same double; of several, the one nearest to it. */
  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < 17; digits++) {
      BigDecimal near = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (near.doubleValue() == value) {
        return near;
      }
      // Just below a power of two the doubles lie closer, so the decimal on the other side may fit.
      BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
      if (above.doubleValue() == value) {
        return above;
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
  }

  /** ECMA-262 Number::toString, steps 5 to 10: k digits, the decimal point after the n-th. */
  private static String layOut(BigDecimal shortest) {
    BigDecimal plain = shortest.stripTrailingZeros();
    String digits = plain.unscaledValue().toString();
    int k = digits.length();
    int n = k - plain.scale();
    if (k <= n && n <= 21) {
      return digits + "0".repeat(n - k);
    }
    if (0 < n && n <= 21) {
      return digits.substring(0, n) + "." + digits.substring(n);
    }
    if (-6 < n && n <= 0) {
      return "0." + "0".repeat(-n) + digits;
    }
    String exponent = (n > 0 ? "+" : "-") + Math.abs(n - 1);
    String fraction = k == 1 ? "" : "." + digits.substring(1);
    return digits.charAt(0) + fraction + "e" + exponent;
  }
}
