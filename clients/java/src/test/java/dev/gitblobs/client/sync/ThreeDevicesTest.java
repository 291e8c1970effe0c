package dev.gitblobs.client.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.StoreCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three devices that edit lines, take back, restore and exchange in any order. */
class ThreeDevicesTest {
  /** Every device has lines of its own, with one between them that stays. */
  private static final int LINES = 30;

  @TempDir private Path folder;

  private static String text(Repository device) {
    return device.read("f").map(bytes -> new String(bytes, UTF_8)).orElse("");
  }

  private static void write(Repository device, List<String> lines) {
    byte[] content = (String.join("\n", lines) + "\n").getBytes(UTF_8);
    device.commit("edit", List.of(Edit.put("f", content)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void loseNoLineAndAskNothingWhileTheyEditDifferentLines(long seed) {
    Random random = new Random(seed);
    Devices devices = new Devices(folder);
    List<Repository> all =
        List.of(device(devices, "a"), device(devices, "b"), device(devices, "c"));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      expected.add("line " + i);
    }
    write(all.get(0), expected);
    all.forEach(devices::sync);
    for (int step = 0; step < 60; step++) {
      int who = random.nextInt(3);
      Repository device = all.get(who);
      switch (random.nextInt(4)) {
        case 0 -> assertThat(devices.sync(device).open()).isEmpty();
        case 1 -> {
          // An edit that is taken back at once is as if it had not been.
          write(device, changed(device, who * 2, "a mistake"));
          device.undo(pushed(device));
        }
        default -> {
          int line = 6 * random.nextInt(LINES / 6) + who * 2;
          String now = "device " + who + ", step " + step;
          expected.set(line, now);
          write(device, changed(device, line, now));
        }
      }
    }
    for (int round = 0; round < 2; round++) {
      all.forEach(device -> assertThat(devices.sync(device).open()).isEmpty());
    }
    for (Repository device : all) {
      assertThat(text(device)).isEqualTo(String.join("\n", expected) + "\n");
      assertThat(device.store().head()).isEqualTo(all.get(0).store().head());
      assertThat(StoreCheck.run(device.store(), count -> {}).isWhole()).isTrue();
    }
  }

  private static Repository device(Devices devices, String name) {
    return devices.device(name);
  }

  private static List<String> changed(Repository device, int line, String now) {
    List<String> lines = new ArrayList<>(text(device).lines().toList());
    lines.set(line, now);
    return lines;
  }

  private static List<Hash> pushed(Repository device) {
    Hash head = Devices.state(device).head();
    return head == null ? List.of() : List.of(head);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void convergeWhateverCollidesAndWhoeverDecides(long seed) {
    Random random = new Random(seed);
    Devices devices = new Devices(folder);
    List<Repository> all =
        List.of(device(devices, "a"), device(devices, "b"), device(devices, "c"));
    write(all.get(0), List.of("1", "2", "3", "4", "5"));
    all.forEach(devices::sync);
    for (int step = 0; step < 60; step++) {
      Repository device = all.get(random.nextInt(3));
      String name = random.nextInt(3) == 0 ? "g" : "f";
      switch (random.nextInt(7)) {
        case 0 -> device.undo(pushed(device));
        case 1 -> device.restore(name, null);
        case 2 -> device.commit("gone", List.of(new Edit.Remove(name)));
        case 3 -> device.decide(step % 2 == 0 ? ConflictResolver.OURS : ConflictResolver.THEIRS);
        case 4 -> exchange(devices, device);
        default -> put(device, name, random.nextInt(5), "step " + step);
      }
    }
    for (int round = 0; round < 6; round++) {
      for (Repository device : all) {
        device.decide(conflict -> new ConflictResolver.KeepBoth());
        exchange(devices, device);
      }
    }
    for (Repository device : all) {
      assertThat(device.conflicts()).isEmpty();
      assertThat(device.store().head()).isEqualTo(all.get(0).store().head());
      assertThat(StoreCheck.run(device.store(), count -> {}).isWhole()).isTrue();
    }
  }

  /** A file that collides again while it is asked about waits for the decision. */
  private static void exchange(Devices devices, Repository device) {
    SyncOutcome outcome = devices.syncer(device).sync(Syncer.Direction.BOTH);
    if (outcome instanceof SyncOutcome.NeedsMerge) {
      assertThat(device.conflicts()).isNotEmpty();
      device.decide(ConflictResolver.OURS);
      outcome = devices.syncer(device).sync(Syncer.Direction.BOTH);
    }
    assertThat(outcome).isInstanceOf(SyncOutcome.Done.class);
  }

  private static void put(Repository device, String name, int line, String now) {
    List<String> lines =
        new ArrayList<>(
            device
                .read(name)
                .map(bytes -> new String(bytes, UTF_8).lines().toList())
                .orElse(List.of("", "", "", "", "")));
    while (lines.size() <= line) {
      lines.add("");
    }
    lines.set(line, now);
    CommitOutcome outcome =
        device.commit(
            "put", List.of(Edit.put(name, (String.join("\n", lines) + "\n").getBytes(UTF_8))));
    assertThat(Objects.requireNonNull(outcome)).isInstanceOf(CommitOutcome.Committed.class);
  }
}
