package dev.gitblobs.client.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EcmaNumberTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "0.1, 0.1",
    "-1.5, -1.5",
    "1e21, 1e+21",
    "1e20, 100000000000000000000",
    "123456789012345680000, 123456789012345680000",
    "1e-6, 0.000001",
    "1e-7, 1e-7",
    "1.5e-7, 1.5e-7",
    "5e-324, 5e-324",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "9007199254740993, 9007199254740992",
    "2e-3, 0.002",
    "2.2250738585072014e-308, 2.2250738585072014e-308",
    "NaN, null",
    "Infinity, null"
  })
  void writesAsJavaScriptDoes(double value, String expected) {
    assertThat(EcmaNumber.toText(value)).isEqualTo(expected);
  }

  @Test
  void readsBackAsTheSameNumberAndIsNeverLongerThanJavas() {
    Random random = new Random(42);
    for (int i = 0; i < 10_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        continue;
      }
      String text = EcmaNumber.toText(value);
      assertThat(Double.parseDouble(text)).isEqualTo(value);
      assertThat(digits(text)).isLessThanOrEqualTo(digits(Double.toString(value)));
    }
  }

  @Test
  void findsTheShortestDigitsAtPowersOfTwo() {
    for (int exponent = -1074; exponent < 1024; exponent++) {
      double value = Math.scalb(1.0, exponent);
      assertThat(Double.parseDouble(EcmaNumber.toText(value))).isEqualTo(value);
    }
    assertThat(EcmaNumber.toText(Math.scalb(1.0, -44))).isEqualTo("5.684341886080802e-14");
    assertThat(EcmaNumber.toText(9.5367431640625e-7)).isEqualTo("9.5367431640625e-7");
  }

  private static int digits(String text) {
    String mantissa = text.toLowerCase(java.util.Locale.ROOT).replaceAll("e.*", "");
    return mantissa.replaceAll("[-.]", "").replaceAll("^0+", "").replaceAll("0+$", "").length();
  }
}
