package dev.gitblobs.client.sync;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repositories;
import dev.gitblobs.client.store.FaultyStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** A process that is killed, with the lock in its hand, at a write step of an add. */
final class KilledWriter {
  /** As a shell reports kill -9. */
  static final int KILLED = 137;

  private KilledWriter() {}

  public static void main(String[] args) {
    int step = Integer.parseInt(args[1]);
    FaultyStores.Faulty faulty =
        FaultyStores.open(Path.of(args[0]), step, () -> Runtime.getRuntime().halt(KILLED));
    byte[] content = ("step " + step).getBytes(StandardCharsets.UTF_8);
    Repositories.of(faulty.store(), new Author("", "", InstantSource.system()))
        .commit("killed", List.of(Edit.put("killed " + step, content)));
  }
}
