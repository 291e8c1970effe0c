package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.sync.Impostor.Answer;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.Verdict;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may end what: every answer of {@code protocol/vectors/verdicts.json} at every call. */
class VerdictsTest {
  private static final Path FILE = Path.of("../../protocol/vectors/verdicts.json");
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String PAGE = "<!doctype html><title>Sign in to the guest network</title>";

  /** An answer of the vectors, and its row there. */
  record Case(String name, Json.Obj row, Answer answer) {
    Verdict at(String call) {
      return Verdict.valueOf(row.text(call).orElseThrow().toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final LoginFile logins;
  private final Impostor relay = new Impostor();
  private final List<Object> pauses = new ArrayList<>();
  private final RelayAccount account;

  VerdictsTest(@TempDir Path folder) throws IOException {
    logins = new LoginFile(folder.resolve("login.json"));
    account = new RelayAccount(HTTP, relay.url(), logins, () -> NOW, pauses::add);
  }

  @AfterEach
  void close() {
    relay.close();
  }

  static Stream<Case> answers() throws IOException {
    Json.Obj vectors = JsonReader.readObject(Files.readAllBytes(FILE));
    Stream<Case> own =
        rows(vectors, "problems")
            .map(
                row -> {
                  String code = row.text("code").orElseThrow();
                  return new Case(status(row) + " " + code, row, Answer.problem(status(row), code));
                });
    Stream<Case> later =
        rows(vectors, "unknown_problems")
            .map(
                row ->
                    new Case(
                        status(row) + " of a later version",
                        row,
                        Answer.problem(status(row), "of_a_later_version")));
    Json.Obj strangers = (Json.Obj) vectors.get("strangers").orElseThrow();
    Stream<Case> others =
        ((Json.Arr) strangers.get("statuses").orElseThrow())
            .items().stream()
                .map(status -> (int) ((Json.Num) status).value())
                .flatMap(status -> disguises(strangers, status));
    return Stream.of(own, later, others).flatMap(cases -> cases);
  }

  /** What stands in between may speak JSON as well, and name the relay's codes. */
  private static Stream<Case> disguises(Json.Obj row, int status) {
    return Stream.of(
        new Case(status + " with a page", row, new Answer(status, "text/html", PAGE)),
        new Case(
            status + " with JSON",
            row,
            new Answer(status, "application/json", "{\"code\":\"session_ended\"}")),
        new Case(
            status + " with another's problem",
            row,
            new Answer(
                status,
                "application/problem+json",
                "{\"type\":\"about:blank\",\"code\":\"session_ended\"}")));
  }

  private static Stream<Json.Obj> rows(Json.Obj vectors, String field) {
    return ((Json.Arr) vectors.get(field).orElseThrow()).items().stream().map(Json.Obj.class::cast);
  }

  private static int status(Json.Obj row) {
    return (int) ((Json.Num) row.get("status").orElseThrow()).value();
  }

  private void isLoggedIn(Instant until) {
    logins.put(new Login(relay.url(), "ada", "a1", until, "r1", false));
  }

  private static AfterClose thenOf(ThrowingCallable call) {
    ConnectionLostException lost = catchThrowableOfType(ConnectionLostException.class, call);
    assertThat(lost).isNotNull();
    return lost.then();
  }

  @ParameterizedTest
  @MethodSource("answers")
  void atLoginNothingIsForgottenAndNothingSentTwice(Case one) {
    isLoggedIn(NOW);
    relay.answers.put("/login", one.answer());
    assertThat(thenOf(() -> account.login("ada", "secret", "laptop")))
        .isEqualTo(one.at("login").afterClose());
    assertThat(relay.asked).containsExactly("/login");
    assertThat(logins.find(relay.url())).isPresent();
  }

  @ParameterizedTest
  @MethodSource("answers")
  void atRefreshOnlyTheRelayEndsTheLogin(Case one) {
    isLoggedIn(NOW);
    relay.answers.put("/refresh", one.answer());
    Verdict verdict = one.at("refresh");
    assertThat(thenOf(account::accessToken)).isEqualTo(verdict.afterClose());
    assertThat(logins.find(relay.url()).isEmpty()).isEqualTo(verdict == Verdict.ASK);
    assertThat(relay.asked).hasSize(verdict == Verdict.NOW ? 5 : 1);
    assertThat(pauses).hasSize(verdict == Verdict.NOW ? 4 : 0);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void overHttpATokenIsRenewedOnce(Case one) {
    isLoggedIn(NOW.plusSeconds(900));
    relay.answers.put("/password", one.answer());
    boolean isRenewed = one.at("http") == Verdict.RENEW;
    if (one.answer().status() != 204) {
      assertThat(thenOf(() -> account.changePassword("old", "new")))
          .isEqualTo(one.at("http").afterClose());
    }
    assertThat(relay.asked.stream().filter("/refresh"::equals)).hasSize(isRenewed ? 1 : 0);
    assertThat(logins.find(relay.url())).isPresent();
  }

  @ParameterizedTest
  @MethodSource("answers")
  void beforeTheUpgradeATokenIsRenewedOnce(Case one) {
    isLoggedIn(NOW.plusSeconds(900));
    relay.answers.put("/ws", one.answer());
    WebSocketRelay sockets = new WebSocketRelay(account);
    assertThat(thenOf(() -> sockets.connect("notes", null)))
        .isEqualTo(one.at("upgrade").afterClose());
    boolean isRenewed = one.at("upgrade") == Verdict.RENEW;
    assertThat(relay.asked.stream().filter("/refresh"::equals)).hasSize(isRenewed ? 1 : 0);
    assertThat(logins.find(relay.url())).isPresent();
  }
}
