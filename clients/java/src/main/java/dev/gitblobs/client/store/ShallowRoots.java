package dev.gitblobs.client.store;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.object.CanonicalText;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which commits may lack their own hash: those that came without their parents, each with the hash
 * of what it was when it came. Kept in {@code gitblobs/roots.json}. A store that an original client
 * made has no such file: there every commit of that form is believed, because nobody can tell.
 */
final class ShallowRoots {
  private final Path file;

  ShallowRoots(StoreLayout layout) {
    this.file = layout.roots();
  }

  /** From now on only recorded roots are believed; for a store that is being made. */
  void begin() throws IOException {
    if (!Files.exists(file)) {
      save(Disk.REAL, Map.of());
    }
  }

  /** Whether the commit, which has no parents and not its own hash, is as it came. */
  boolean isLegitimate(Commit commit) {
    return read()
        .map(known -> contentOf(commit).equals(known.get(commit.hash().hex())))
        .orElse(true);
  }

  /** Remembers roots that have come; does nothing in a store that believes all. */
  void record(Disk disk, Collection<Commit> roots) throws IOException {
    Optional<Map<String, String>> known = read();
    if (roots.isEmpty() || known.isEmpty()) {
      return;
    }
    Map<String, String> all = new TreeMap<>(known.get());
    roots.forEach(root -> all.put(root.hash().hex(), contentOf(root)));
    if (!all.equals(known.get())) {
      save(disk, all);
    }
  }

  private static String contentOf(Commit commit) {
    return Hash.of(CanonicalText.of(commit.content())).hex();
  }

  private void save(Disk disk, Map<String, String> roots) throws IOException {
    Map<String, Json> members = new TreeMap<>();
    roots.forEach((hash, content) -> members.put(hash, Json.of(content)));
    byte[] text =
        Json.object("shallow", new Json.Obj(members)).toText().getBytes(StandardCharsets.UTF_8);
    DurableFile.write(disk, file, text);
  }

  private Optional<Map<String, String>> read() {
    try {
      Map<String, String> roots = new TreeMap<>();
      if (JsonReader.readObject(Files.readAllBytes(file)).get("shallow").orElse(Json.Nil.NULL)
          instanceof Json.Obj members) {
        members.members().keySet().forEach(hash -> roots.put(hash, members.text(hash).orElse("")));
      }
      return Optional.of(roots);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | JsonReader.InvalidJsonException e) {
      throw new GitBlobsException(
          "Tried to read " + file + " but failed: " + e.getMessage() + ".", e);
    }
  }
}
