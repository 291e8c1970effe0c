package dev.gitblobs.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.Verdict.Call;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may end what is in the vectors, and here as they have it. */
class VerdictTest {
  private static final String FILE = "verdicts.json";

  static Stream<JsonNode> problems() {
    return Vectors.list(FILE, "problems");
  }

  static Stream<JsonNode> unknownProblems() {
    return Vectors.list(FILE, "unknown_problems");
  }

  private static void isAsIn(JsonNode row, Call call, Verdict verdict) {
    assertThat(name(verdict)).as(call + " of " + row).isEqualTo(row.get(name(call)).textValue());
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Test
  void namesTheCallsAndVerdictsOfTheVectors() {
    assertThat(Vectors.list(FILE, "calls").map(JsonNode::textValue))
        .isEqualTo(Arrays.stream(Call.values()).map(VerdictTest::name).toList());
    assertThat(Vectors.list(FILE, "verdicts").map(JsonNode::textValue))
        .isEqualTo(Arrays.stream(Verdict.values()).map(VerdictTest::name).toList());
  }

  @ParameterizedTest
  @MethodSource("problems")
  void isThatOfTheVectorsOnEachCode(JsonNode row) {
    for (Call call : Call.values()) {
      String code = row.get("code").textValue();
      isAsIn(row, call, Verdict.onProblem(call, row.get("status").intValue(), code));
    }
  }

  @ParameterizedTest
  @MethodSource("unknownProblems")
  void goesByTheStatusWhereTheCodeIsNotKnown(JsonNode row) {
    for (Call call : Call.values()) {
      isAsIn(row, call, Verdict.onProblem(call, row.get("status").intValue(), "of_later"));
    }
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void letsNobodyEndAnythingButTheRelay(Call call) {
    isAsIn(Vectors.file(FILE).get("strangers"), call, Verdict.ON_STRANGER);
    Vectors.list(FILE, "failures").forEach(row -> isAsIn(row, call, Verdict.ON_STRANGER));
  }

  @ParameterizedTest
  @EnumSource(Retry.class)
  void isThatOfTheVectorsOnEachErrorOfAConnection(Retry retry) {
    JsonNode wanted = Vectors.file(FILE).get("live").get("retry").get(retry.wire());
    assertThat(name(Verdict.onError(retry))).isEqualTo(wanted.textValue());
  }

  @ParameterizedTest
  @EnumSource(CloseCode.class)
  void isThatOfTheVectorsOnEachCloseCode(CloseCode close) {
    JsonNode wanted = Vectors.file(FILE).get("live").get("close").get(name(close.then()));
    assertThat(name(Verdict.onClose(close.code()))).isEqualTo(wanted.textValue());
    assertThat(Verdict.onClose(close.code()).afterClose()).isEqualTo(close.then());
  }

  @ParameterizedTest
  @CsvSource({"NOW, RECONNECT", "WAIT, RECONNECT", "RENEW, REFRESH", "ASK, STOP", "STOP, STOP"})
  void tellsTheOwnerOfAConnection(Verdict verdict, AfterClose then) {
    assertThat(verdict.afterClose()).isEqualTo(then);
  }

  @ParameterizedTest
  @CsvSource({
    "true, application/problem+json, urn:gitblobs:problem:quota, quota",
    "true, Application/Problem+JSON ; charset=utf-8, urn:gitblobs:problem:quota, quota",
    "false, application/json, urn:gitblobs:problem:quota, quota",
    "false, application/problem+jsonp, urn:gitblobs:problem:quota, quota",
    "false, '', urn:gitblobs:problem:quota, quota",
    "false, application/problem+json, about:blank, quota",
    "false, application/problem+json, urn:gitblobs:problem:quota, quotas",
    "false, application/problem+json, urn:gitblobs:problem:, ''"
  })
  void knowsTheRelaysOwnDocument(boolean isOwn, String mediaType, String type, String code) {
    assertThat(Verdict.isRelayProblem(mediaType, type, code)).isEqualTo(isOwn);
  }
}
