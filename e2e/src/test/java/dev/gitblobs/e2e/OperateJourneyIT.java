package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator looks after a relay that is up: users, keys, cleanup, migrations, deployment. */
final class OperateJourneyIT {
  @TempDir private static Path state;
  private static Launcher launcher;

  @BeforeAll
  static void bringItUp() {
    launcher = new Launcher(state);
    succeed("up", "local", "--json");
  }

  @AfterAll
  static void takeItDown() {
    succeed("down", "local");
  }

  @Test
  void looksAfterAUserFromBeginningToEnd() {
    JsonNode added = succeed("users", "add", "ada", "--role", "admin", "--json").json();
    assertThat(added.at("/user/role").asText()).isEqualTo("admin");
    assertThat(added.path("one_time_password").asText()).hasSizeGreaterThanOrEqualTo(22);
    succeed("users", "add", "bob", "--json");
    assertThat(succeed("users", "list").out())
        .contains("ada")
        .contains("bob")
        .doesNotContain(added.path("one_time_password").asText());
    assertThat(succeed("users", "disable", "bob", "--json").json().path("disabled").asBoolean())
        .isTrue();
    assertThat(succeed("users", "enable", "bob", "--json").json().path("disabled").asBoolean())
        .isFalse();
    String reset = succeed("users", "reset-password", "bob", "--json").out();
    assertThat(reset).contains("one_time_password");
    assertThat(succeed("users", "sessions", "bob", "--json").json().path("sessions")).isEmpty();
    assertThat(fail("users", "remove", "bob").err()).contains("--yes");
    succeed("users", "remove", "bob", "--yes");
    assertThat(fail("users", "disable", "bob").err()).contains("There is no user 'bob'");
    assertThat(fail("users", "remove", "ada", "--yes").err()).contains("last_admin");
  }

  @Test
  void rotatesTheKeysInOneCall() {
    String kid = succeed("keys", "rotate", "--json").json().path("kid").asText();
    JsonNode ring = succeed("keys", "list", "--json").json();
    assertThat(ring.path("state").asText()).isEqualTo("ok");
    assertThat(ring.path("keys")).anyMatch(key -> key.path("kid").asText().equals(kid));
    assertThat(succeed("keys", "rewrap", "--json").json().path("unreadable").asInt()).isZero();
  }

  @Test
  void countsWhatCleanupWouldRemoveAndThenRemovesIt() {
    JsonNode counted = succeed("cleanup", "--dry-run", "--json").json();
    assertThat(counted.path("dry_run").asBoolean()).isTrue();
    assertThat(counted.path("expired").has("sessions")).isTrue();
    assertThat(succeed("cleanup", "--json").json().path("dry_run").asBoolean()).isFalse();
    JsonNode status = succeed("status", "--json").json();
    assertThat(status.path("last_cleanup_at").asLong()).isPositive();
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
    JsonNode plan = succeed("deploy", "local", "--dry-run", "--json").json().path("plan");
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
    assertThat(run.err()).contains("9999_bad.sql, line 3", "CREATE TABEL x (a)");
    assertThat(succeed("migrate", "info", "--json").json().path("pending").asInt()).isZero();
  }

  private static Run succeed(String... arguments) {
    Run run = launcher.relayctl(arguments);
    assertThat(run.exit()).as(run.all()).isZero();
    return run;
  }

  private static Run fail(String... arguments) {
    Run run = launcher.relayctl(arguments);
    assertThat(run.exit()).as(run.all()).isEqualTo(1);
    return run;
  }
}
