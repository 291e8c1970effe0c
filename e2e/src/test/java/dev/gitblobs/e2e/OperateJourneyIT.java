package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator looks after a relay that is up: users, keys, cleanup, migrations, deployment. */
@Tag("full")
final class OperateJourneyIT {
  @TempDir private static Path state;
  private static PreparedRelay prepared;
  private static Launcher launcher;
  private static LocalRelay relay;

  @BeforeAll
  static void bringItUp() {
    prepared = PreparedRelay.start(state);
    launcher = prepared.launcher();
    relay = new LocalRelay(launcher, prepared.url());
  }

  @AfterAll
  static void takeItDown() {
    prepared.close();
  }

  @Test
  void looksAfterAUserFromBeginningToEnd() {
    JsonNode added = launcher.operate("users", "add", "ada", "--role", "admin", "--json").json();
    assertThat(added.at("/user/role").asText()).isEqualTo("admin");
    assertThat(added.path("one_time_password").asText()).hasSizeGreaterThanOrEqualTo(22);
    launcher.operate("users", "add", "bob", "--json");
    assertThat(launcher.operate("users", "list").out())
        .contains("ada")
        .contains("bob")
        .doesNotContain(added.path("one_time_password").asText());
    assertThat(
            launcher
                .operate("users", "disable", "bob", "--json")
                .json()
                .path("disabled")
                .asBoolean())
        .isTrue();
    assertThat(
            launcher
                .operate("users", "enable", "bob", "--json")
                .json()
                .path("disabled")
                .asBoolean())
        .isFalse();
    String reset = launcher.operate("users", "reset-password", "bob", "--json").out();
    assertThat(reset).contains("one_time_password");
    assertThat(launcher.operate("users", "sessions", "bob", "--json").json().path("sessions"))
        .isEmpty();
    assertThat(fail("users", "remove", "bob").err()).contains("--yes");
    launcher.operate("users", "remove", "bob", "--yes");
    assertThat(fail("users", "disable", "bob").err()).contains("There is no user 'bob'");
    assertThat(fail("users", "remove", "ada", "--yes").err()).contains("last_admin");
  }

  @Test
  void addsAUserWithThePasswordFromStandardInputAndEndsItsSessions() throws Exception {
    String password = "correct horse battery staple of a test";
    Run added =
        launcher.relayctlReading(
            password + "\n", "users", "add", "cora", "--password-stdin", "--json");
    assertThat(added.exit()).as(added.all()).isZero();
    assertThat(added.json().at("/user/password_must_change").asBoolean()).isFalse();
    assertThat(added.all()).doesNotContain(password);

    String token = relay.login("cora", password).path("access_token").asText();
    assertThat(relay.get("/me", token).statusCode()).isEqualTo(200);
    assertThat(sessionsOf("cora")).hasSize(1);
    launcher.operate("users", "sessions", "cora", "--end", "--json");
    assertThat(sessionsOf("cora")).isEmpty();
    assertThat(relay.get("/me", token).statusCode()).isEqualTo(401);
  }

  @Test
  void doesNotAddAUserWithoutAPassword() {
    Run run = launcher.relayctlReading("", "users", "add", "dora", "--password-stdin");
    assertThat(run.exit()).as(run.all()).isEqualTo(2);
    assertThat(run.err()).contains("no line with the password");
    assertThat(launcher.operate("users", "list").out()).doesNotContain("dora");
  }

  @Test
  void takesTheAdminTokenFromAFileOrFromStandardInput() throws Exception {
    Path file = launcher.local().resolve("secrets/admin-token");
    Launcher stranger = launcher.with("RELAY_ADMIN_TOKEN", "not-the-token");
    Run fromFile = stranger.relayctl("keys", "list", "--admin-token-file", file.toString());
    assertThat(fromFile.exit()).as(fromFile.all()).isZero();
    Run fromInput =
        stranger.relayctlReading(
            Files.readString(file) + "\n", "keys", "list", "--admin-token-stdin");
    assertThat(fromInput.exit()).as(fromInput.all()).isZero();

    Run missing = launcher.relayctl("keys", "list", "--admin-token-file", file + ".not-there");
    assertThat(missing.exit()).as(missing.all()).isEqualTo(2);
    assertThat(missing.err())
        .contains("Could not read the admin token", "not-there")
        .doesNotContain("not expected");
  }

  @Test
  void endsEveryAccessInAnEmergency() throws Exception {
    String password = "another long password of a test";
    succeedWithInput(password, "users", "add", "emil", "--password-stdin");
    String token = relay.login("emil", password).path("access_token").asText();

    JsonNode rotation =
        launcher.operate("keys", "rotate", "--emergency", "--end-sessions", "--json").json();

    assertThat(rotation.path("sessions_ended").asInt()).isPositive();
    assertThat(rotation.path("sign_from").asLong())
        .isGreaterThanOrEqualTo(rotation.path("old_keys_verify_until").asLong());
    assertThat(relay.get("/me", token).statusCode()).isEqualTo(401);
    assertThat(sessionsOf("emil")).isEmpty();
  }

  @Test
  void rewrapsTheKeysAfterTheSecretThatWrapsThemHasChanged() throws Exception {
    launcher.operate("keys", "rotate");
    String old = Files.readString(launcher.local().resolve("secrets/jwt-secret"));
    relay.setSecret("JWT_SECRET_PREVIOUS", old);
    String next = randomSecret();
    relay.setSecret("JWT_SECRET", next);
    assertThat(launcher.operate("keys", "list", "--json").json().path("state").asText())
        .isEqualTo("rewrap_needed");

    JsonNode rewrap = launcher.operate("keys", "rewrap", "--json").json();

    assertThat(rewrap.path("rewrapped").asInt()).isPositive();
    assertThat(rewrap.path("unreadable").asInt()).isZero();
    JsonNode ring = launcher.operate("keys", "list", "--json").json();
    assertThat(ring.path("state").asText()).isEqualTo("ok");
    assertThat(ring.path("keys"))
        .allMatch(key -> key.path("wrapped_by_present_secret").asBoolean());
    relay.setSecret("JWT_SECRET_PREVIOUS", next);
    relay.setSecret("JWT_SECRET", old);
    launcher.operate("keys", "rewrap");
  }

  private static String randomSecret() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Test
  void triesTheRelayOutWithTwoDevicesAndLeavesNobodyBehind() {
    Run smoke = launcher.relayctl("smoke", "--json");
    assertThat(smoke.exit()).as(smoke.all()).isZero();
    assertThat(smoke.json().path("passed").asBoolean()).isTrue();
    assertThat(smoke.json().path("steps").findValuesAsText("name"))
        .containsExactly(
            "log in", "connect", "push", "receive", "pull", "expire", "isolation", "clean up");
    assertThat(smoke.err()).isEmpty();
    assertThat(launcher.operate("users", "list").out()).doesNotContain("smoke-");
  }

  @Test
  void rotatesTheKeysInOneCall() {
    String kid = launcher.operate("keys", "rotate", "--json").json().path("kid").asText();
    JsonNode ring = launcher.operate("keys", "list", "--json").json();
    assertThat(ring.path("state").asText()).isEqualTo("ok");
    assertThat(ring.path("keys")).anyMatch(key -> key.path("kid").asText().equals(kid));
    assertThat(launcher.operate("keys", "rewrap", "--json").json().path("unreadable").asInt())
        .isZero();
  }

  @Test
  void countsWhatHasExpiredAndRemovesItAndNothingElse() {
    relay.sql(
        "INSERT INTO login_attempts (bucket, failures, blocked_until, expires_at) VALUES"
            + " ('e2e-1', 1, 0, 1), ('e2e-2', 1, 0, 2), ('e2e-3', 1, 0, 99999999999999)");

    JsonNode counted = launcher.operate("cleanup", "--dry-run", "--json").json();
    assertThat(counted.path("dry_run").asBoolean()).isTrue();
    assertThat(counted.at("/expired/login_attempts").asLong()).isEqualTo(2);

    Run cleanup = launcher.operate("cleanup");
    assertThat(cleanup.out()).containsPattern("login_attempts +2").contains(" rows removed.");
    assertThat(relay.sql("SELECT bucket FROM login_attempts WHERE bucket LIKE 'e2e-%'"))
        .hasToString("[{\"bucket\":\"e2e-3\"}]");
    JsonNode again = launcher.operate("cleanup", "--json").json();
    assertThat(again.at("/expired/login_attempts").asLong()).isZero();
    assertThat(again.path("more").asBoolean()).isFalse();
    JsonNode status = launcher.operate("status", "--json").json();
    assertThat(status.path("last_cleanup_at").asLong()).isPositive();
    assertThat(status.path("stats").properties())
        .extracting(Map.Entry::getKey)
        .contains("users", "stores", "objects", "bytes", "events", "sockets");
  }

  @Test
  void findsNothingWrong() {
    Run doctor = launcher.relayctl("doctor", "--json");
    assertThat(doctor.exit()).as(doctor.all()).isZero();
    assertThat(doctor.json().path("checks"))
        .anyMatch(check -> check.path("name").asText().equals("hash"));
  }

  @Test
  void refusesAWrongAdminTokenWithoutRepeatingIt() {
    Run run = launcher.with("RELAY_ADMIN_TOKEN", "not-the-token").relayctl("users", "list");
    assertThat(run.exit()).as(run.all()).isEqualTo(1);
    assertThat(run.err()).contains("not_authenticated").doesNotContain("not-the-token");
  }

  @Test
  void showsWhatDeployWouldDoAndDoesNotAskWhenNobodyIsThere() {
    JsonNode plan = launcher.operate("deploy", "local", "--dry-run", "--json").json().path("plan");
    assertThat(plan.path("first").asBoolean()).isFalse();
    assertThat(plan.path("migrations")).isEmpty();
    assertThat(plan.path("version").asText()).isNotEmpty();
    assertThat(launcher.relayctl("deploy", "local").exit()).isEqualTo(2);
  }

  @Test
  void tellsFileLineAndStatementOfAMigrationThatD1Refuses() throws Exception {
    Path folder = Files.createDirectories(state.resolve("migrations"));
    try (var files = Files.list(launcher.root().resolve("migrations"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".sql")).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.writeString(folder.resolve("9999_bad.sql"), "SELECT 1;\n\nCREATE TABEL x (a);\n");
    Run run = fail("migrate", "up", "--migrations", folder.toString());
    assertThat(run.err()).contains("9999_bad.sql:3 d1-refuses", "CREATE TABEL x (a)");
    assertThat(launcher.operate("migrate", "info", "--json").json().path("pending").asInt())
        .isZero();
  }

  private static JsonNode sessionsOf(String user) {
    return launcher.operate("users", "sessions", user, "--json").json().path("sessions");
  }

  private static void succeedWithInput(String input, String... arguments) {
    Run run = launcher.relayctlReading(input + "\n", arguments);
    assertThat(run.exit()).as(run.all()).isZero();
  }

  private static Run fail(String... arguments) {
    Run run = launcher.relayctl(arguments);
    assertThat(run.exit()).as(run.all()).isEqualTo(1);
    return run;
  }
}
