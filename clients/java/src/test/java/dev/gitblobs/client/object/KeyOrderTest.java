package dev.gitblobs.client.object;

import static dev.gitblobs.client.GoldenData.array;
import static dev.gitblobs.client.GoldenData.items;
import static dev.gitblobs.client.GoldenData.json;
import static dev.gitblobs.client.GoldenData.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.GoldenData;
import dev.gitblobs.client.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyOrderTest {
  @Test
  void sortsAsTheOriginal() {
    Json vectors = json("collation.json");
    for (String list : List.of("sorted", "printable_ascii_single_characters_sorted")) {
      List<String> expected = array(vectors, list).stream().map(GoldenData::text).toList();
      List<String> shuffled = new ArrayList<>(expected);
      Collections.shuffle(shuffled, new Random(7));
      shuffled.sort(KeyOrder.ROOT);
      assertThat(shuffled).isEqualTo(expected);
    }
  }

  @Test
  void comparesEveryPairAsTheOriginal() {
    for (Json pair : array(json("collation.json"), "pairs")) {
      String a = text(items(pair).get(0));
      String b = text(items(pair).get(1));
      double sign = ((Json.Num) items(pair).get(2)).value();
      assertThat(Integer.signum(KeyOrder.ROOT.compare(a, b)))
          .as(a + " ? " + b)
          .isEqualTo((int) sign);
    }
  }

  @Test
  void comparesAsciiWithoutIcuAsIcuDoes() {
    Random random = new Random(20240320);
    for (int i = 0; i < 200_000; i++) {
      String a = ascii(random, random.nextInt(12));
      String b = random.nextInt(3) == 0 ? similar(random, a) : ascii(random, random.nextInt(12));
      assertThat(AsciiOrder.compare(a, b))
          .as(() -> Json.of(a).toText() + " ? " + Json.of(b).toText())
          .isEqualTo(Integer.signum(KeyOrder.compareByIcu(a, b)));
    }
  }

  @Test
  void ordersEverySingleAsciiCharacterAsIcuDoes() {
    for (char a = 0; a < 128; a++) {
      for (char b = 0; b < 128; b++) {
        String left = String.valueOf(a);
        String right = String.valueOf(b);
        assertThat(AsciiOrder.compare(left, right))
            .isEqualTo(Integer.signum(KeyOrder.compareByIcu(left, right)));
      }
    }
  }

  private static String ascii(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      // Few letters and much punctuation, so that near-equal strings are common.
      text.append(
          random.nextBoolean()
              ? "aAbB01./_- ".charAt(random.nextInt(11))
              : (char) random.nextInt(128));
    }
    return text.toString();
  }

  private static String similar(Random random, String text) {
    StringBuilder copy = new StringBuilder(text);
    int at = random.nextInt(text.length() + 1);
    if (random.nextBoolean() && at < text.length()) {
      char c = copy.charAt(at);
      copy.setCharAt(
          at, Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c));
    } else {
      copy.insert(at, (char) random.nextInt(128));
    }
    return copy.toString();
  }
}
