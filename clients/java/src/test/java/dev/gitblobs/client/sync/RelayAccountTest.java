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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayAccountTest {
  private record Answer(int status, String body) {}

  private final Path file;
  private final LoginFile logins;
  private final Map<String, Answer> answers = new HashMap<>();
  private final List<String> requests = new ArrayList<>();
  private Instant now = Instant.ofEpochSecond(1_700_000_000);
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
    requests.add(path + " " + (token == null ? "" : token + " ") + body);
    Answer answer = answers.getOrDefault(path, new Answer(404, "{\"title\":\"not found\"}"));
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
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
  void saysWhyALoginIsRefused() {
    answers.put(
        "/login", new Answer(401, "{\"detail\":\"wrong name or password\",\"code\":\"denied\"}"));
    assertThatThrownBy(() -> account.login("ada", "wrong-secret", "laptop"))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("wrong name or password (denied)")
        .hasMessageNotContaining("wrong-secret");
    assertThat(logins.find(account.url())).isEmpty();
  }

  @Test
  void refusesAnAnswerThatIsNoRelays() {
    answers.put("/login", new Answer(200, "<html>"));
    assertThatThrownBy(() -> account.login("ada", "secret", "laptop"))
        .hasMessageContaining("is no relay");
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
    answers.put("/refresh", new Answer(401, "{\"title\":\"no\"}"));
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
    answers.put("/logout", new Answer(503, "{\"detail\":\"try later\"}"));
    assertThatThrownBy(account::logout).hasMessageContaining("try later");
    assertThat(logins.find(account.url())).isEmpty();
  }

  @Test
  void forgetsTheLoginThoughTheRelayCannotBeReached() {
    account.login("ada", "secret", "laptop");
    server.stop(0);
    assertThatThrownBy(account::logout)
        .isInstanceOf(ConnectionLostException.class)
        .hasMessageContaining("Is the relay running?");
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
}
