package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.e2e.GoldenStores.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The relay's clock jumps, by more than an access token lives, while its devices stay where they
 * are: they go on with the sessions they have, and nothing is lost. To a device it is the same as a
 * jump of its own clock the other way.
 */
@Tag("full")
final class ClockJourneyIT {
  private static final String PASSWORD = "a password of no time at all";
  private static final String STORE = "times";

  @TempDir private static Path folder;
  private static OwnCheckout checkout;
  private static Launcher launcher;
  private static PreparedRelay relay;
  private static String worker;

  @BeforeAll
  static void bringItUp() {
    checkout = new OwnCheckout(Launcher.checkout(), folder.resolve("checkout"));
    worker = OwnCheckout.read(checkout.bundle());
    launcher = new Launcher(checkout.root(), folder.resolve("state"));
    relay = PreparedRelay.start(launcher);
  }

  @AfterAll
  static void takeItDown() throws IOException {
    relay.close();
    checkout.unlink();
  }

  @Test
  void goesOnWithTheSameSessionsWhereverTheRelaysClockJumps() {
    String url = jumpTo(Duration.ZERO);
    relay.addUser("ada", PASSWORD);
    Device laptop = new Device(launcher, folder.resolve("laptop"));
    Device desk = new Device(launcher, folder.resolve("desk"));
    laptop.logIn(url, "ada", PASSWORD);
    desk.logIn(url, "ada", PASSWORD);
    laptop.begin(STORE, url);
    laptop.add(STORE, "now", "now");
    laptop.on(STORE, "push");
    desk.clone(STORE, url);

    Set<String> written = new TreeSet<>(Set.of("now"));
    for (Duration jump : List.of(Duration.ofDays(1), Duration.ofDays(-1), Duration.ZERO)) {
      jumpTo(jump);
      // Both write, so that the one that comes second merges.
      laptop.add(STORE, "laptop " + jump, "at " + jump);
      desk.add(STORE, "desk " + jump, "at " + jump);
      written.addAll(Set.of("laptop " + jump, "desk " + jump));
      laptop.on(STORE, "sync");
      desk.on(STORE, "sync");
      laptop.on(STORE, "sync");
      Content content = Content.of(laptop, STORE);
      assertThat(content.files().keySet()).isEqualTo(written);
      assertThat(Content.of(desk, STORE)).isEqualTo(content);
      laptop.isWhole(STORE);
      desk.isWhole(STORE);
    }
  }

  /** Deploys the Worker so that its clock is that far from this machine's; its address. */
  private static String jumpTo(Duration shift) {
    String preamble =
        "const machineTime = Date.now.bind(Date);\nDate.now = () => machineTime() + (%d);\n";
    OwnCheckout.write(checkout.bundle(), preamble.formatted(shift.toMillis()) + worker);
    return launcher.operate("up", "local", "--json").json().path("url").asText();
  }
}
