package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayAccountTest {
  private interface Step {
    void run() throws IOException;
  }

  private record Answer(int status, String body) {
    /** A problem document as the relay writes it. */
    static Answer problem(int status, String code, String detail) {
      return new Answer(
          status,
          "{\"type\":\"urn:gitblobs:problem:%s\",\"code\":\"%s\",\"title\":\"No\",\"detail\":\"%s\"}"
              .formatted(code, code, detail));
    }
  }

  private final Path file;
  private final LoginFile logins;
  private final Map<String, Answer> answers = new HashMap<>();
  private final List<String> requests = new ArrayList<>();
  private Instant now = Instant.ofEpochSecond(1_700_000_000);
  private Step beforeAnswer = () -> {};
  private HttpServer server;
  private RelayAccount account;

  RelayAccountTest(@TempDir Path folder) throws IOException {
    file = folder.resolve("config/login.json");
    logins = new LoginFile(file);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    account = account("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private RelayAccount account(String url) {
    return new RelayAccount(HttpClient.newHttpClient(), url, logins, () -> now);
  }

  @BeforeEach
  void start() {
    server.createContext("/", this::answer);
    server.start();
    answers.put("/login", grant("access-1", "refresh-1"));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static Answer grant(String access, String refresh) {
    return new Answer(
        200,
        "{\"access_token\":\"%s\",\"expires_in\":900,\"refresh_token\":\"%s\",\"user\":{\"username\":\"ada\"}}"
            .formatted(access, refresh));
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    String path = exchange.getRequestURI().toString();
    beforeAnswer.run();
    requests.add(path + " " + (token == null ? "" : token + " ") + body);
    Answer answer = answers.getOrDefault(path, new Answer(404, "{\"title\":\"not found\"}"));
    boolean isProblem = answer.body().contains("urn:gitblobs:problem:");
    exchange
        .getResponseHeaders()
        .set("Content-Type", isProblem ? "application/problem+json" : "application/json");
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1957-04-29T00:00:00Z", "2223-07-07T00:00:00Z"})
  void livesWithAClockThatIsWrongByCenturiesAndJumps(Instant wrong) {
    answers.put("/refresh", grant("access-2", "refresh-2"));
    now = wrong;
    account.login("ada", "secret", "laptop");
    assertThat(account.accessToken()).isEqualTo("access-1");
    assertThat(account.accessToken()).isEqualTo("access-1");
    now = now.plus(Duration.ofDays(366));
    assertThat(account.accessToken()).isEqualTo("access-2");
    assertThat(account.accessToken()).isEqualTo("access-2");
    now = wrong;
    assertThat(account.accessToken()).isEqualTo("access-2");
    assertThat(requests).filteredOn(request -> request.startsWith("/refresh")).hasSize(1);
  }

  @Test
  void keepsTheLoginWhereOnlyTheUserCanReadIt() throws IOException {
    account.login("ada", "secret", "laptop");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).contains("refresh-1").doesNotContain("secret");
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
    assertThat(account.accessToken()).isEqualTo("access-1");
    assertThat(logins.find(account.url()).orElseThrow().toString()).doesNotContain("access-1");
  }

  @Test
  void holdsARenewedLoginThatItsFileCannotTake() throws IOException {
    account.login("ada", "secret", "laptop");
    answers.put("/refresh", grant("access-2", "refresh-2"));
    now = now.plusSeconds(1000);
    // A folder in the file's place takes no file.
    Path aside = Files.move(file, file.resolveSibling("aside"));
    Files.createDirectories(file.resolve("in the way"));
    assertThatThrownBy(() -> account.accessToken()).isInstanceOf(GitBlobsException.class);
    Files.delete(file.resolve("in the way"));
    Files.delete(file);
    Files.move(aside, file);
    beforeAnswer =
        () -> {
          Files.move(file, aside);
          Files.createDirectories(file.resolve("in the way"));
        };
    assertThat(account.accessToken()).isEqualTo("access-2");
    assertThat(account.accessToken()).as("it is held").isEqualTo("access-2");
    Files.delete(file.resolve("in the way"));
    Files.delete(file);
    Files.move(aside, file);
    assertThat(account.accessToken()).as("the file has the old one").isEqualTo("access-2");
    beforeAnswer = () -> {};
    answers.put("/refresh", grant("access-3", "refresh-3"));
    now = now.plusSeconds(1000);
    assertThat(account.accessToken()).isEqualTo("access-3");
    assertThat(requests.get(requests.size() - 1)).contains("refresh-2");
    assertThat(logins.find(account.url()).orElseThrow().refreshToken()).isEqualTo("refresh-3");
  }

  @Test
  void saysWhyALoginIsRefused() {
    answers.put("/login", Answer.problem(401, "invalid_credentials", "wrong name or password"));
    assertThatThrownBy(() -> account.login("ada", "wrong-secret", "laptop"))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("wrong name or password (invalid_credentials)")
        .hasMessageNotContaining("wrong-secret");
    assertThat(logins.find(account.url())).isEmpty();
  }

  @Test
  void refusesAnAnswerThatIsNoRelays() {
    answers.put("/login", new Answer(200, "<html>"));
    assertThatThrownBy(() -> account.login("ada", "secret", "laptop"))
        .hasMessageContaining("is not the relay (its answer is not JSON)");
  }

  @Test
  void renewsATokenThatIsAboutToExpire() {
    account.login("ada", "secret", "laptop");
    answers.put("/refresh", grant("access-2", "refresh-2"));
    now = now.plusSeconds(850);
    assertThat(account.accessToken()).isEqualTo("access-2");
    assertThat(requests.get(1)).isEqualTo("/refresh {\"refresh_token\":\"refresh-1\"}");
    assertThat(account.accessToken()).isEqualTo("access-2");
    assertThat(requests).hasSize(2);
  }

  @Test
  void forgetsALoginThatTheRelayHasEnded() {
    account.login("ada", "secret", "laptop");
    answers.put("/refresh", Answer.problem(401, "session_ended", "Log in again."));
    now = now.plusSeconds(1000);
    assertThatThrownBy(account::accessToken)
        .isInstanceOf(ConnectionLostException.class)
        .hasMessageContaining("gitblobs login")
        .extracting(e -> ((ConnectionLostException) e).then())
        .isEqualTo(AfterClose.STOP);
    assertThat(logins.find(account.url())).isEmpty();
  }

  @Test
  void logsOutWithAFreshTokenAndKeepsNothing() {
    account.login("ada", "secret", "laptop");
    answers.put("/refresh", grant("access-2", "refresh-2"));
    answers.put("/logout", new Answer(204, ""));
    now = now.plusSeconds(1000);
    account.logout();
    assertThat(requests.get(2)).startsWith("/logout Bearer access-2");
    assertThat(logins.find(account.url())).isEmpty();
  }

  @Test
  void forgetsTheLoginAndSaysSoWhenTheRelayDoesNotEndTheSession() {
    account.login("ada", "secret", "laptop");
    answers.put("/logout", Answer.problem(503, "database_unavailable", "try later"));
    assertThatThrownBy(account::logout).hasMessageContaining("try later");
    assertThat(logins.find(account.url())).isEmpty();
  }

  @Test
  void forgetsTheLoginThoughTheRelayCannotBeReached() {
    account.login("ada", "secret", "laptop");
    server.stop(0);
    assertThatThrownBy(account::logout)
        .isInstanceOf(ConnectionLostException.class)
        .hasMessageContaining("nothing listens there");
    assertThat(logins.find(account.url())).isEmpty();
  }

  @Test
  void sendsPasswordsOverHttpsOrToThisMachineOnly() {
    for (String url : List.of("http://relay.example.org", "ftp://localhost", "https://a@b", "x")) {
      assertThatThrownBy(() -> account(url)).hasMessageContaining("Not a relay's address");
    }
    assertThat(account("HTTPS://Relay.Example.ORG/".toLowerCase(java.util.Locale.ROOT)).url())
        .isEqualTo("https://relay.example.org");
  }

  @Test
  void keepsATokenUntilAMinuteBeforeItEnds() {
    account.login("ada", "secret", "laptop");
    answers.put("/refresh", grant("access-2", "refresh-2"));
    now = now.plusSeconds(839);
    assertThat(account.accessToken()).isEqualTo("access-1");
    now = now.plusSeconds(1);
    assertThat(account.accessToken()).isEqualTo("access-2");
  }

  @Test
  void getsAnotherTokenForOneThatIsSpent() {
    account.login("ada", "secret", "laptop");
    answers.put("/refresh", grant("access-2", "refresh-2"));
    assertThat(account.accessTokenOtherThan("older")).as("got already").isEqualTo("access-1");
    assertThat(account.accessTokenOtherThan("access-1")).isEqualTo("access-2");
  }

  @Test
  void asksWhoIsLoggedInAndChangesThePassword() {
    assertThatThrownBy(account::whoAmI)
        .isInstanceOf(ConnectionLostException.class)
        .hasMessageContaining("Not logged in");
    Login login = account.login("ada", "secret", "laptop");
    assertThat(login.user()).isEqualTo("ada");
    assertThat(login.mustChangePassword()).isFalse();
    answers.put("/me", new Answer(200, "{\"username\":\"ada\"}"));
    assertThat(account.whoAmI().text("username")).contains("ada");
    answers.put("/password", new Answer(204, ""));
    account.changePassword("secret", "better");
    assertThat(requests.get(2))
        .isEqualTo(
            "/password Bearer access-1"
                + " {\"current_password\":\"secret\",\"new_password\":\"better\"}");
    answers.put("/password", Answer.problem(422, "weak_password", "too short."));
    assertThatThrownBy(() -> account.changePassword("better", "x"))
        .hasMessageContaining("change the password")
        .hasMessageContaining("too short (weak_password).");
    answers.put("/me", new Answer(500, ""));
    assertThatThrownBy(account::whoAmI).hasMessageContaining("status 500");
  }

  @Test
  void knowsAOneTimePasswordForOne() {
    answers.put(
        "/login",
        new Answer(
            200,
            "{\"access_token\":\"a\",\"expires_in\":900,\"refresh_token\":\"r\","
                + "\"user\":{\"username\":\"ada\",\"password_must_change\":true}}"));
    assertThat(account.login("ada", "secret", "laptop").mustChangePassword()).isTrue();
  }

  @Test
  void isLoggedOutWhenTheRelayHasEndedTheSessionAlready() {
    account.logout();
    assertThat(requests).as("nobody was logged in").isEmpty();
    account.login("ada", "secret", "laptop");
    answers.put("/logout", Answer.problem(401, "session_ended", "It has."));
    account.logout();
    assertThat(logins.find(account.url())).isEmpty();
  }
}
