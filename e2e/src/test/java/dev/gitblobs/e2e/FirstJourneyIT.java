package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole product once, from {@code up} to {@code down}, through the genuine engine: what every
 * change has to pass. The other journeys, which go into each part, belong to the full level.
 */
final class FirstJourneyIT {
  private static final String PASSWORD = "a password of the first journey";

  @TempDir private Path folder;

  @Test
  void bringsARelayUpSharesAStoreInJavaAndTypeScriptRotatesMigratesAndTakesItDown()
      throws IOException {
    OwnCheckout checkout = new OwnCheckout(Launcher.checkout(), folder.resolve("checkout"));
    Launcher launcher = new Launcher(checkout.root(), folder.resolve("state"));
    JsonNode up = launcher.operate("up", "local", "--json").json();
    assertThat(up.path("healthy").asBoolean()).isTrue();
    String url = up.path("url").asText();
    assertThat(
            launcher
                .relayctlReading(PASSWORD + "\n", "users", "add", "ada", "--password-stdin")
                .exit())
        .isZero();

    Device laptop = new Device(launcher, folder.resolve("laptop"));
    Device phone = new Device(launcher, folder.resolve("phone"));
    laptop.logIn(url, "ada", PASSWORD);
    phone.logIn(url, "ada", PASSWORD);
    laptop.begin("notes", url);
    laptop.add("notes", "todo.txt", "bread");
    laptop.on("notes", "push");
    assertThat(shareFromTypeScript(launcher, url)).containsExactlyInAnyOrder("todo.txt", "program");

    String kid = launcher.operate("keys", "rotate", "--json").json().path("kid").asText();
    OwnCheckout.write(
        checkout.migrations().resolve("9000_first_journey.sql"),
        "CREATE TABLE first_journey (a INTEGER) STRICT;\n");
    JsonNode migrated = launcher.operate("migrate", "up", "--json").json();
    assertThat(migrated.toString()).contains("9000_first_journey.sql");

    phone.clone("notes", url);
    assertThat(phone.cat("notes", "program")).isEqualTo("made by program");
    phone.isWhole("notes");
    laptop.on("notes", "pull");
    assertThat(laptop.head("notes")).isEqualTo(phone.head("notes"));
    assertThat(launcher.operate("keys", "list", "--json").out()).contains(kid);

    List<ProcessHandle> all = new Wrangler(launcher).processes();
    launcher.operate("down", "local");
    assertThat(launcher.local()).doesNotExist();
    assertThat(all).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    checkout.unlink();
  }

  /** A program that knows the TypeScript client alone adds a file; all files it has then. */
  private static List<String> shareFromTypeScript(Launcher launcher, String url)
      throws IOException {
    String task =
        Launcher.JSON.writeValueAsString(
            Map.of("relayUrl", url, "password", PASSWORD, "store", "notes", "device", "program"));
    Path root = launcher.root();
    Launcher.Run run =
        launcher.run(
            List.of(
                root.resolve("node_modules/.bin/node").toString(),
                "--experimental-transform-types",
                "--disable-warning=ExperimentalWarning",
                root.resolve("clients/ts/test/packed-main.ts").toString(),
                "shareOneFile",
                task));
    assertThat(run.exit()).as(run.all()).isZero();
    return Launcher.JSON.readerForListOf(String.class).readValue(run.out());
  }
}
