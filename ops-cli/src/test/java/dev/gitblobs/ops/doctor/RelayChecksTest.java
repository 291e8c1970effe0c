package dev.gitblobs.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the doctor says of relays in a bad state, whose answers are spelled out here. */
final class RelayChecksTest {
  private static final String WELL =
      """
      {"version": "1", "configuration": {"faults": []}, "database": {"status": "ok"},
       "hub": "ok", "keys": "ok"}""";

  private HttpServer server;
  private int healthStatus = 200;
  private String health = WELL;
  private String login = "{\"code\": \"invalid_credentials\"}";
  private Clock clock = Clock.systemUTC();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          boolean isHealth = exchange.getRequestURI().getPath().equals("/health");
          byte[] body = (isHealth ? health : login).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(isHealth ? healthStatus : 401, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void findsNothingWrongWithARelayThatIsWell() {
    assertThat(examine().checks()).allMatch(check -> check.state() == Check.State.OK);
  }

  @Test
  void warnsOfAClockThatDiffersByMoreThanTokensTolerate() {
    clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(3));
    assertThat(examine().line("clock").state()).isEqualTo(Check.State.WARNING);
    assertThat(examine().line("clock").remedy()).contains("NTP");
  }

  @Test
  void tellsWhichSecretsAreMissing() {
    healthStatus = 503;
    health = WELL.replace("[]", "[\"JWT_SECRET is missing.\"]");
    assertThat(examine().line("relay").state()).isEqualTo(Check.State.FAILED);
    assertThat(examine().line("secrets").detail()).isEqualTo("JWT_SECRET is missing.");
  }

  @Test
  void tellsWhichPartTheRelayDoesNotReach() {
    health = WELL.replace("{\"status\": \"ok\"}", "{\"status\": \"failed\"}");
    assertThat(examine().line("database").state()).isEqualTo(Check.State.FAILED);
    assertThat(examine().line("hub").state()).isEqualTo(Check.State.OK);
  }

  @Test
  void asksForARewrapAndFailsWhenTheKeysCannotBeRead() {
    health = WELL.replace("\"keys\": \"ok\"", "\"keys\": \"rewrap_needed\"");
    assertThat(examine().line("keys").state()).isEqualTo(Check.State.WARNING);
    health = WELL.replace("\"keys\": \"ok\"", "\"keys\": \"unreadable\"");
    assertThat(examine().line("keys").state()).isEqualTo(Check.State.FAILED);
  }

  @Test
  void failsWhenTheRuntimeCannotComputeAHashAndWarnsWhenItWasNotTried() {
    login = "{\"code\": \"internal\"}";
    assertThat(examine().line("hash").state()).isEqualTo(Check.State.FAILED);
    login = "{\"code\": \"login_throttled\"}";
    assertThat(examine().line("hash").state()).isEqualTo(Check.State.WARNING);
  }

  @Test
  void saysThatSomethingElseListensThere() {
    health = "<html>";
    assertThat(examine().line("relay").remedy()).contains("Something else listens");
  }

  @Test
  void saysThatNobodyAnswers() {
    server.stop(0);
    assertThat(examine().line("relay").detail()).contains("no answer from http://127.0.0.1:");
  }

  @Test
  void warnsTwoWeeksBeforeACertificateEnds() {
    Instant now = Instant.parse("2026-11-01T00:00:00Z");
    Clock fixed = Clock.fixed(now, ZoneOffset.UTC);
    assertThat(RelayChecks.certificate(now.plus(Duration.ofDays(15)), fixed).state())
        .isEqualTo(Check.State.OK);
    assertThat(RelayChecks.certificate(now.plus(Duration.ofDays(14)), fixed).state())
        .isEqualTo(Check.State.WARNING);
  }

  private Examined examine() {
    URI relay = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new Examined(new RelayChecks(relay, clock).run());
  }
}
