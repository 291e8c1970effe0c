package dev.gitblobs.client.sync;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.protocol.Verdict;
import dev.gitblobs.protocol.Verdict.Call;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * What an answer other than success says (PROTOCOL.md 8.1). Only the relay's own words count: what
 * a portal or a proxy says in its place ends nothing.
 *
 * @param code of the relay's own problem; empty for what anybody else says
 * @param reason for people, a sentence without its full stop
 * @param then how to go on
 * @param pause how long not to come back, as whoever answered asks
 */
record RelayProblem(String code, String reason, Verdict then, Optional<Duration> pause) {
  /** Nobody asks for more in earnest. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  static RelayProblem of(
      Call call, int status, HttpHeaders headers, byte[] body, InstantSource clock) {
    String mediaType = headers.firstValue("Content-Type").orElse("");
    Json.Obj document = document(body);
    String code = document.text("code").orElse("");
    Optional<Duration> pause =
        headers.firstValue("Retry-After").flatMap(text -> pause(text, clock));
    if (!Verdict.isRelayProblem(mediaType, document.text("type").orElse(""), code)) {
      return foreign("it answered with status " + status, pause);
    }
    String reason =
        document.text("detail").or(() -> document.text("title")).orElse("status " + status);
    return new RelayProblem(
        code,
        "the relay refused: " + reason.replaceFirst("\\.$", "") + " (" + code + ")",
        Verdict.onProblem(call, status, code),
        pause);
  }

  /** Somebody else has answered, or a relay of another version. */
  static RelayProblem foreign(String what, Optional<Duration> pause) {
    return new RelayProblem(
        "",
        "what answers there is not the relay ("
            + what
            + "): a sign-in page of this network, a proxy, or a relay of another version",
        Verdict.ON_STRANGER,
        pause);
  }

  private static Json.Obj document(byte[] body) {
    try {
      return body.length == 0 ? Json.object() : JsonReader.readObject(body);
    } catch (JsonReader.InvalidJsonException e) {
      return Json.object(); // a page
    }
  }

  /** Seconds, or a date. */
  private static Optional<Duration> pause(String text, InstantSource clock) {
    Duration pause;
    try {
      pause =
          text.matches("[0-9]{1,9}")
              ? Duration.ofSeconds(Long.parseLong(text))
              : Duration.between(
                  clock.instant(),
                  ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty(); // the pause is ours to choose
    }
    if (pause.isNegative() || pause.isZero()) {
      return Optional.empty();
    }
    return Optional.of(pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
  }

  /** The same as what ends a connection, or the attempt at one. */
  ConnectionLostException toException(String tried, String url) {
    String message = "Tried to " + tried + " at " + url + " but " + reason + ".";
    return NoStoreException.isMeantBy(code)
        ? new NoStoreException(message, code)
        : new ConnectionLostException(message, then.afterClose(), null, pause);
  }
}
