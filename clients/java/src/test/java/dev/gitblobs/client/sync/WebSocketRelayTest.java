package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.sync.Impostor.Answer;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a device makes of a relay that refuses a connection before it is one. */
final class WebSocketRelayTest {
  private static final Instant NOW = Instant.EPOCH;

  private final Impostor server = new Impostor();
  private final WebSocketRelay relay;

  WebSocketRelayTest(@TempDir Path folder) throws IOException {
    LoginFile logins = new LoginFile(folder.resolve("login.json"));
    logins.put(new Login(server.url(), "ada", "a1", NOW.plusSeconds(900), "r", false));
    relay =
        new WebSocketRelay(
            new RelayAccount(HttpClient.newHttpClient(), server.url(), logins, () -> NOW));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "'Thu, 01 Jan 1970 00:00:09 GMT', 9", "99999, 600"})
  void comesBackWhenItWasAskedTo(String header, long seconds) {
    server.answers.put("/ws", Answer.problem(429, "too_many_sockets").after(header));
    assertThatThrownBy(() -> relay.connect("notes", null))
        .isInstanceOfSatisfying(
            ConnectionLostException.class,
            e -> assertThat(e.pause()).contains(Duration.ofSeconds(seconds)))
        .hasMessageContaining("the relay refused: No (too_many_sockets)");
    assertThat(server.asked).containsExactly("/ws Bearer a1");
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "soon", "'Thu, 01 Jan 1970 00:00:00 GMT'"})
  void choosesThePauseWhereNoneIsAskedFor(String header) {
    server.answers.put("/ws", Answer.problem(429, "too_many_sockets").after(header));
    assertThatThrownBy(() -> relay.connect("notes", null))
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.pause()).isEmpty());
  }

  @Test
  void refreshesATokenThatIsNotAcceptedAndTriesOnceMore() {
    server.answers.put("/ws", Answer.problem(401, "not_authenticated"));
    assertThatThrownBy(() -> relay.connect("notes", null))
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.then()).isEqualTo(AfterClose.REFRESH));
    assertThat(server.asked).containsExactly("/ws Bearer a1", "/refresh", "/ws Bearer access-1");
  }

  @Test
  void saysThatWhatAnswersIsNotTheRelay() {
    server.answers.put("/ws", new Answer(401, "text/html", "<html>"));
    assertThatThrownBy(() -> relay.connect("notes", null))
        .isInstanceOfSatisfying(
            ConnectionLostException.class,
            e -> assertThat(e.then()).isEqualTo(AfterClose.RECONNECT))
        .hasMessageContaining("not the relay (it answered with status 401)");
  }

  @Test
  void comesBackToARelayThatIsNotThere() {
    server.close();
    assertThatThrownBy(() -> relay.connect("notes", null))
        .isInstanceOfSatisfying(
            ConnectionLostException.class,
            e -> assertThat(e.then()).isEqualTo(AfterClose.RECONNECT))
        .hasMessageContaining("nothing listens there");
  }
}
