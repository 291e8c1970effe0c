package dev.gitblobs.client.store;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.object.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the head has been, in {@code gitblobs/heads.log}: a line for each step, written before the
 * head moves, so that no move is without one. Steps of original clients are not in it.
 */
public final class HeadLog {
  private final Path file;

  HeadLog(StoreLayout layout) {
    this.file = layout.headLog();
  }

  /** The line comes after a line end: what a crash left of an older one is a line of its own. */
  void append(Disk disk, HeadStep step) throws IOException {
    Hash before = step.before();
    Json line =
        Json.object(
            "before", before == null ? Json.Nil.NULL : Json.of(before.hex()),
            "after", Json.of(step.after().hex()),
            "step", Json.of(step.kind()));
    disk.append(file, ("\n" + line.toText()).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * All steps, oldest first; without a last one that did not come about.
   *
   * @param head where the head stands
   */
  public List<HeadStep> steps(Optional<Hash> head) {
    List<HeadStep> steps = new ArrayList<>();
    for (String line : lines()) {
      parse(line).ifPresent(steps::add);
    }
    if (!steps.isEmpty()) {
      HeadStep last = steps.get(steps.size() - 1);
      boolean hasHappened = head.equals(Optional.of(last.after()));
      if (!hasHappened && head.equals(Optional.ofNullable(last.before()))) {
        steps.remove(steps.size() - 1);
      }
    }
    return List.copyOf(steps);
  }

  private List<String> lines() {
    try {
      return Files.readString(file).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new GitBlobsException("Tried to read " + file + " but failed: " + e, e);
    }
  }

  /** Empty for what a crash left of a line. */
  private static Optional<HeadStep> parse(String line) {
    try {
      if (!(JsonReader.read(line) instanceof Json.Obj json)) {
        return Optional.empty();
      }
      Hash before = json.text("before").flatMap(Hash::parse).orElse(null);
      return json.text("after")
          .flatMap(Hash::parse)
          .map(after -> new HeadStep(before, after, json.text("step").orElse("")));
    } catch (JsonReader.InvalidJsonException e) {
      return Optional.empty();
    }
  }
}
