package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An operator deploys, well and badly. The tests share one environment; each brings a bundle and
 * migrations of its own, and leaves a relay that works.
 */
@Tag("full")
final class DeployJourneyIT {
  @TempDir private static Path folder;
  private static OwnCheckout checkout;
  private static Launcher launcher;
  private static PreparedRelay relay;
  private static String good;
  private static int changes;

  @BeforeAll
  static void bringItUp() {
    checkout = new OwnCheckout(Launcher.checkout(), folder.resolve("checkout"));
    good = OwnCheckout.read(checkout.bundle());
    launcher = new Launcher(checkout.root(), folder.resolve("state"));
    relay = PreparedRelay.start(launcher);
  }

  @BeforeEach
  void changeTheBundle() {
    changes++;
    OwnCheckout.write(checkout.bundle(), good + "\n// change " + changes + "\n");
  }

  @AfterAll
  static void takeItDown() throws IOException {
    relay.close();
    checkout.unlink();
  }

  @Test
  void appliesANewMigrationThenTheWorkerAndTellsTheBookmarkFromBefore() {
    String name = migration("CREATE TABLE good_%d (a INTEGER) STRICT;");
    String before = serving();

    JsonNode deployment = launcher.operate("deploy", "local", "--yes", "--json").json();

    assertThat(deployment.at("/plan/first").asBoolean()).isFalse();
    assertThat(deployment.at("/plan/migrations/0").asText()).isEqualTo(name);
    assertThat(deployment.at("/plan/version").asText()).isEqualTo(before);
    assertThat(deployment.at("/plan/steps"))
        .anyMatch(
            step ->
                step.path("operation").asText().equals("update")
                    && step.path("name").asText().equals("script"));
    assertThat(deployment.at("/database/applied/0").asText()).isEqualTo(name);
    assertThat(deployment.at("/database/bookmark").asText()).isNotEmpty();
    assertThat(deployment.at("/deployed/healthy").asBoolean()).isTrue();
    assertThat(serving()).isNotEqualTo(before);
  }

  @Test
  void putsTheVersionBeforeBackWhenTheNewOneIsNotHealthyAndDeploysOnceItIsMended() {
    String name = migration("CREATE TABLE kept_%d (a INTEGER) STRICT;");
    String before = serving();
    String mended = OwnCheckout.read(checkout.bundle());
    OwnCheckout.write(checkout.bundle(), mended.replace("\"/health\"", "\"/sickness\""));

    Run failed = launcher.relayctl("deploy", "local", "--yes", "--json");

    assertThat(failed.exit()).as(failed.all()).isEqualTo(1);
    assertThat(failed.err()).isEmpty();
    assertThat(failed.json().path("failure").toString())
        .contains(
            "is not healthy",
            "rolled back to the version before, " + before,
            "The database keeps the migrations applied now (" + name + ")",
            "relayctl migrate restore " + name + " --env local --yes",
            "Then run relayctl deploy local again.");
    assertThat(failed.json().at("/failure/worker").asText()).isEqualTo("rolled-back");
    assertThat(failed.json().at("/failure/version").asText()).isEqualTo(before);
    assertThat(serving()).isEqualTo(before);
    assertThat(launcher.operate("status", "--json").json().path("healthy").asBoolean()).isTrue();

    OwnCheckout.write(checkout.bundle(), mended);
    launcher.operate("deploy", "local", "--yes");
    assertThat(serving()).isNotEqualTo(before);
  }

  @Test
  void putsTheVersionBeforeBackWhenTheNewOneIsHealthyButDoesNotRelay() {
    String before = serving();
    String broken = OwnCheckout.read(checkout.bundle()).replace("\"/ws\"", "\"/we\"");
    OwnCheckout.write(checkout.bundle(), broken);

    Run failed = launcher.relayctl("deploy", "local", "--yes", "--json");

    assertThat(failed.exit()).as(failed.all()).isEqualTo(1);
    assertThat(failed.json().at("/failure/message").asText())
        .contains("smoke, connect: ", "The database was not changed.");
    assertThat(failed.json().at("/failure/worker").asText()).isEqualTo("rolled-back");
    assertThat(serving()).isEqualTo(before);
    assertThat(launcher.operate("users", "list").out()).doesNotContain("smoke-");
  }

  @Test
  void leavesTheWorkerAloneWhenTheDatabaseRefusesAMigration() {
    String good = migration("CREATE TABLE refused_%d (a INTEGER) STRICT;");
    // What no file tells and no schema: a row that is there already.
    LocalRelay database = new LocalRelay(launcher, relay.url());
    database.sql("CREATE TABLE taken (a TEXT PRIMARY KEY)");
    database.sql("INSERT INTO taken VALUES ('key')");
    String bad = migration("INSERT INTO taken VALUES ('key');");
    String before = serving();

    Run failed = launcher.relayctl("deploy", "local", "--yes", "--json");
    OwnCheckout.delete(checkout.migrations().resolve(bad));

    assertThat(failed.exit()).as(failed.all()).isEqualTo(1);
    assertThat(failed.json().path("failure").toString())
        .contains(bad + ", line 1", "The version before still serves");
    assertThat(failed.json().at("/failure/worker").asText()).isEqualTo("unchanged");
    assertThat(failed.json().at("/database/known").asBoolean()).isTrue();
    assertThat(serving()).isEqualTo(before);
    JsonNode after = launcher.operate("deploy", "local", "--yes", "--json").json();
    assertThat(after.at("/deployed/healthy").asBoolean()).isTrue();
    assertThat(launcher.operate("migrate", "info", "--json").json().path("migrations"))
        .anyMatch(
            one ->
                one.path("name").asText().equals(good)
                    && one.path("state").asText().equals("applied"));
  }

  @Test
  void rollsBackToThePreviousVersionAndForwardAgainWithTheSameBundle() {
    launcher.operate("deploy", "local", "--yes");
    String deployed = serving();

    assertThat(launcher.relayctl("rollback", "local", "--to", "previous").err()).contains("--yes");
    launcher.operate("rollback", "local", "--to", "previous", "--yes");
    assertThat(serving()).isNotEqualTo(deployed);

    JsonNode again = launcher.operate("deploy", "local", "--yes", "--json").json();
    assertThat(again.at("/deployed/changed").asBoolean()).isTrue();
    assertThat(serving()).isEqualTo(deployed);
  }

  @Test
  void deploysAnEarlierCommitOntoTheNewerDatabase() {
    String name = migration("CREATE TABLE newer_%d (a INTEGER) STRICT;");
    launcher.operate("deploy", "local", "--yes");
    Path file = checkout.migrations().resolve(name);
    String sql = OwnCheckout.read(file);
    OwnCheckout.delete(file);
    OwnCheckout.write(checkout.bundle(), good);

    Run earlier = launcher.operate("deploy", "local", "--yes");
    OwnCheckout.write(file, sql);

    assertThat(earlier.out()).contains("The database is ahead of this checkout by " + name);
  }

  /** Adds a migration with the next free number; its name. */
  private static String migration(String sql) {
    int number = 9000 + ++changes;
    String name = number + "_of_a_test.sql";
    OwnCheckout.write(checkout.migrations().resolve(name), sql.formatted(number) + "\n");
    return name;
  }

  private static String serving() {
    JsonNode shares = launcher.operate("rollback", "local", "--json").json().path("serving");
    assertThat(shares).hasSize(1);
    return shares.path(0).path("version_id").asText();
  }
}
