package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.e2e.FaultyProxy.Direction;
import dev.gitblobs.e2e.FaultyProxy.Fault;
import dev.gitblobs.e2e.FaultyProxy.Link;
import dev.gitblobs.e2e.GoldenStores.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Connections break, and {@code gitblobs} or the relay is killed in the middle of its work: the
 * next exchange finishes it, nothing is lost, and both devices come to hold the same.
 */
@Tag("full")
final class FaultsJourneyIT {
  private static final String PASSWORD = "a password that survives faults";

  /** What a device adds before each fault: more than {@link #MIDDLE}, in several frames. */
  private static final int FILES = 6;

  private static final int FILE_BYTES = 300_000;

  /** A fault strikes when the connection has carried so much. */
  private static final long MIDDLE = 900_000;

  @TempDir private static Path folder;
  private static PreparedRelay relay;
  private static Launcher launcher;
  private static FaultyProxy proxy;
  private static Device laptop;
  private static Device desk;

  @BeforeAll
  static void bringUpARelayBehindAProxy() {
    relay = PreparedRelay.start(folder.resolve("state"));
    launcher = relay.launcher();
    relay.addUser("ada", PASSWORD);
    proxy = new FaultyProxy(relay.url());
    laptop = new Device(launcher, folder.resolve("laptop"));
    desk = new Device(launcher, folder.resolve("desk"));
    laptop.logIn(proxy.url(), "ada", PASSWORD);
    desk.logIn(proxy.url(), "ada", PASSWORD);
  }

  @AfterAll
  static void takeItDown() throws IOException {
    proxy.close();
    relay.close();
  }

  static Stream<Named<Fault>> faults() {
    return Stream.of(
        Named.of("cut", Link::cut),
        Named.of("reset", Link::reset),
        Named.of("stalled", Link::stall),
        Named.of("halved", Link::halve));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void finishesAPushAndAPullWhoseConnectionBreaks(Fault fault) {
    String store = store();
    laptop.begin(store, proxy.url());
    desk.begin(store, proxy.url());
    addFiles(laptop, store, "first");

    proxy.arm(Direction.UP, MIDDLE, fault);
    assertThat(laptop.on(store, "push").path("pushed").asBoolean()).isTrue();
    assertThat(proxy.isSpent()).isTrue();
    proxy.arm(Direction.DOWN, MIDDLE, fault);
    desk.on(store, "pull");
    assertThat(proxy.isSpent()).isTrue();

    haveTheSame(store);
  }

  @Test
  void losesNoCommitWhenKilledInTheMiddleOfAPushAndAPull() {
    String store = store();
    laptop.begin(store, proxy.url());
    desk.begin(store, proxy.url());
    addFiles(laptop, store, "first");
    String head = laptop.head(store);

    kill(Direction.UP, laptop, store, "push");
    assertThat(laptop.head(store)).isEqualTo(head);
    laptop.isWhole(store);
    laptop.on(store, "push");
    kill(Direction.DOWN, desk, store, "pull");
    desk.isWhole(store);
    desk.on(store, "pull");

    assertThat(desk.head(store)).isEqualTo(head);
    haveTheSame(store);
  }

  @Test
  void mergesBothSidesThoughKilledInTheMiddleOfTheSync() {
    String store = store();
    laptop.begin(store, proxy.url());
    laptop.add(store, "base.txt", "base");
    laptop.on(store, "push");
    desk.clone(store, proxy.url());
    addFiles(laptop, store, "laptop");
    laptop.on(store, "push");
    addFiles(desk, store, "desk");

    kill(Direction.DOWN, desk, store, "sync");
    desk.isWhole(store);
    kill(Direction.UP, desk, store, "sync");
    desk.isWhole(store);
    desk.on(store, "sync");
    laptop.on(store, "sync");

    assertThat(haveTheSame(store).files()).hasSize(1 + 2 * FILES);
  }

  @Test
  void losesNothingWhenTheRelayIsKilledWithTheCloudflareItRunsOn() {
    String store = store();
    laptop.begin(store, proxy.url());
    desk.begin(store, proxy.url());
    laptop.add(store, "acknowledged.txt", "before");
    laptop.on(store, "push");
    addFiles(laptop, store, "first");
    String head = laptop.head(store);

    Process push = laptop.startOn(store, "push");
    proxy.arm(
        Direction.UP,
        MIDDLE,
        (link, struck) -> {
          killTheRelay();
          return true;
        });
    push.onExit().join();
    assertThat(proxy.isSpent()).isTrue();
    assertThat(laptop.head(store)).isEqualTo(head);
    laptop.isWhole(store);

    launcher.operate("up", "local");
    desk.on(store, "pull");
    assertThat(desk.cat(store, "acknowledged.txt")).isEqualTo("before");
    laptop.on(store, "push");
    desk.on(store, "pull");
    assertThat(desk.head(store)).isEqualTo(head);
    haveTheSame(store);
  }

  /** All of its processes at once, as {@code kill -9} does. */
  private static void killTheRelay() {
    List<ProcessHandle> all = new Wrangler(launcher).processes();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  private static int stores;

  private static String store() {
    stores++;
    return "store-" + stores;
  }

  /** Commits new files that do not compress. */
  private static void addFiles(Device device, String store, String name) {
    Random random = new Random(store.hashCode() * 31L + name.hashCode());
    List<String> add = new ArrayList<>(List.of("add", "-m", "files of " + name));
    for (int i = 0; i < FILES; i++) {
      byte[] content = new byte[FILE_BYTES];
      random.nextBytes(content);
      add.add(device.write(name + "-" + i + ".bin", content).toString());
    }
    device.on(store, add.toArray(String[]::new));
  }

  /** Kills a command as {@code kill -9} does at the moment its connection has carried MIDDLE. */
  private static void kill(Direction direction, Device device, String store, String command) {
    Process process = device.startOn(store, command);
    proxy.arm(
        direction,
        MIDDLE,
        (link, struck) -> {
          process.destroyForcibly();
          return true;
        });
    assertThat(process.onExit().join().exitValue()).isEqualTo(128 + 9);
    assertThat(proxy.isSpent()).isTrue();
  }

  private static Content haveTheSame(String store) {
    Content content = Content.of(laptop, store);
    assertThat(Content.of(desk, store)).isEqualTo(content);
    laptop.isWhole(store);
    desk.isWhole(store);
    return content;
  }
}
