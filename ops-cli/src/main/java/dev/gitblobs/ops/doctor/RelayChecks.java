package dev.gitblobs.ops.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.json.Json;
import dev.gitblobs.ops.relay.RelayClient;
import dev.gitblobs.ops.relay.RelayProblem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What a relay shows of itself to anybody who asks. */
final class RelayChecks {
  /** Access tokens are accepted 5 s early or late (SECURITY: clockTolerance). */
  private static final Duration SKEW_WARNING = Duration.ofSeconds(5);

  private static final Duration CERTIFICATE_WARNING = Duration.ofDays(14);

  private final URI relay;
  private final Clock clock;
  private final List<Check> checks = new ArrayList<>();

  RelayChecks(URI relay, Clock clock) {
    this.relay = relay;
    this.clock = clock;
  }

  List<Check> run() {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(relay.resolve("/health?deep=1"))
                  .timeout(Duration.ofSeconds(30))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      health(response);
      clock(response);
      response.sslSession().ifPresent(this::certificate);
      hash();
    } catch (IOException e) {
      checks.add(
          Check.failed(
              "relay", "no answer from " + relay + ": " + e, "Run relayctl up, or see its logs."));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      checks.add(Check.failed("relay", "interrupted", "Run it again."));
    }
    return checks;
  }

  private void health(HttpResponse<String> response) {
    JsonNode health;
    try {
      health = Json.MAPPER.readTree(response.body());
    } catch (JsonProcessingException e) {
      checks.add(
          Check.failed(
              "relay",
              "HTTP " + response.statusCode() + ", and not what a relay answers",
              "Something else listens at " + relay + "; look at the environment's address."));
      return;
    }
    String detail =
        "HTTP " + response.statusCode() + ", version " + health.path("version").asText();
    if (response.statusCode() == 200) {
      checks.add(Check.ok("relay", detail));
    } else {
      checks.add(Check.failed("relay", detail, "The lines below say what it lacks."));
    }
    List<String> faults = new ArrayList<>();
    health.at("/configuration/faults").forEach(fault -> faults.add(fault.asText()));
    checks.add(
        faults.isEmpty()
            ? Check.ok("secrets", "the relay accepts its secrets and variables")
            : Check.failed(
                "secrets",
                String.join(" ", faults),
                "Set them in the stack's config, then run relayctl up."));
    for (String part : List.of("/database/status", "/hub")) {
      String name = part.split("/", -1)[1];
      String state = health.at(part).asText("unknown");
      checks.add(
          state.equals("ok")
              ? Check.ok(name, "the relay reaches it")
              : Check.failed(name, "the relay says: " + state, "See relayctl logs."));
    }
    keys(health.path("keys").asText("unknown"));
  }

  private void keys(String state) {
    switch (state) {
      case "ok", "none" -> checks.add(Check.ok("keys", state));
      case "rewrap_needed" ->
          checks.add(
              Check.warning("keys", "wrapped by the previous secret", "Run relayctl keys rewrap."));
      default ->
          checks.add(
              Check.failed(
                  "keys",
                  state,
                  "JWT_SECRET is not the one that wraps them: set JWT_SECRET_PREVIOUS."));
    }
  }

  private void clock(HttpResponse<String> response) {
    response.headers().firstValue("Date").ifPresent(date -> checks.add(clock(date)));
  }

  private Check clock(String date) {
    try {
      Instant there = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration skew = Duration.between(there, clock.instant()).abs();
      String detail = "this machine and the relay differ by " + skew.toSeconds() + " s";
      return skew.compareTo(SKEW_WARNING) <= 0
          ? Check.ok("clock", detail)
          : Check.warning("clock", detail, "Set this machine's clock by NTP.");
    } catch (DateTimeParseException e) {
      return Check.warning(
          "clock", "the relay tells a time that is none: " + date, "Look at what is before it.");
    }
  }

  private void certificate(SSLSession session) {
    try {
      Certificate first = session.getPeerCertificates()[0];
      if (first instanceof X509Certificate certificate) {
        checks.add(certificate(certificate.getNotAfter().toInstant(), clock));
      }
    } catch (SSLPeerUnverifiedException e) {
      checks.add(Check.failed("certificate", "none was shown", "Look at the zone's settings."));
    }
  }

  static Check certificate(Instant end, Clock clock) {
    Duration left = Duration.between(clock.instant(), end);
    String detail = "valid for " + left.toDays() + " days more";
    return left.compareTo(CERTIFICATE_WARNING) > 0
        ? Check.ok("certificate", detail)
        : Check.warning("certificate", detail, "Look at the zone's edge certificates.");
  }

  /**
   * A login of nobody costs the relay one password hash, which production limits more tightly than
   * any local runtime: it must be refused as such, and not fail.
   */
  private void hash() {
    try {
      new RelayClient(relay, null)
          .post(
              "/login",
              Map.of(
                  "username", "doctor.nobody", "password", "not a password", "device", "doctor"));
      checks.add(Check.failed("hash", "nobody could log in", "Take the relay down: it is broken."));
    } catch (OpsException e) {
      checks.add(Check.failed("hash", String.valueOf(e.getMessage()), e.remedy()));
    } catch (RelayProblem problem) {
      switch (problem.code()) {
        case "invalid_credentials" ->
            checks.add(Check.ok("hash", "the runtime computes a password hash"));
        case "login_throttled", "too_many_requests", "busy" ->
            checks.add(
                Check.warning("hash", "not tried: " + problem.code(), "Run it again in a while."));
        default ->
            checks.add(
                Check.failed(
                    "hash",
                    String.valueOf(problem.getMessage()),
                    "The runtime may refuse the hash's cost; see relayctl logs and roll back."));
      }
    }
  }
}
