package dev.gitblobs.client.history;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.MalformedObjectException;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Files that merges left to be decided later, in {@code gitblobs/conflicts.json}. The head has the
 * other side's version of each, because others may have it already; ours is kept here, and in the
 * history. So everything else can travel. One whose head's version is ours is decided.
 */
public final class OpenConflicts {
  private record Kept(
      String path,
      @Nullable TreeEntry base,
      @Nullable TreeEntry ours,
      Hash commit,
      @Nullable String device) {
    Conflict with(Tree head) {
      return new Conflict(path, base, ours, head.entries().get(path), device);
    }

    boolean isOpen(Tree head) {
      Conflict conflict = with(head);
      return !TreeMerge.same(conflict.ours(), conflict.theirs());
    }
  }

  private final Path file;

  /** Those of the store whose own folder this is. */
  public OpenConflicts(Path ownFolder) {
    this.file = ownFolder.resolve("conflicts.json");
  }

  /** Whether there is nothing to decide, whatever the head has. */
  public boolean isNone() {
    return read().isEmpty();
  }

  /** What is still to be decided, {@code theirs} being what the head has. */
  public List<Conflict> list(Tree head) {
    return read().stream().filter(kept -> kept.isOpen(head)).map(kept -> kept.with(head)).toList();
  }

  /**
   * Keeps conflicts, before the head moves; false, and nothing is kept, where one of the files is
   * being asked about already.
   *
   * @param ours the commit that has our versions, which is the head
   */
  boolean leave(List<Conflict> conflicts, Hash ours, Tree head) {
    List<Kept> all = new ArrayList<>(read());
    // Those of this very head were kept for a merge that did not come about.
    all.removeIf(kept -> kept.commit().equals(ours) || !kept.isOpen(head));
    Set<String> asked = new HashSet<>(all.stream().map(Kept::path).toList());
    if (conflicts.stream().anyMatch(conflict -> asked.contains(conflict.path()))) {
      return false;
    }
    conflicts.forEach(c -> all.add(new Kept(c.path(), c.base(), c.ours(), ours, c.device())));
    write(all);
    return true;
  }

  /** Forgets conflicts that are decided. */
  public void forget(Predicate<String> isDecided) {
    List<Kept> all = read();
    List<Kept> rest = all.stream().filter(kept -> !isDecided.test(kept.path())).toList();
    if (rest.size() < all.size()) {
      write(rest);
    }
  }

  private List<Kept> read() {
    try {
      List<Kept> all = new ArrayList<>();
      if (JsonReader.readObject(Files.readAllBytes(file)).get("conflicts").orElse(Json.Nil.NULL)
          instanceof Json.Arr items) {
        for (Json item : items.items()) {
          all.add(kept((Json.Obj) item));
        }
      }
      return all;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException
        | JsonReader.InvalidJsonException
        | MalformedObjectException
        | ClassCastException e) {
      throw new GitBlobsException(
          "Tried to read the open conflicts in " + file + " but failed: " + e.getMessage(), e);
    }
  }

  private static Kept kept(Json.Obj item) {
    return new Kept(
        item.text("path").orElse(""),
        side(item, "base"),
        side(item, "ours"),
        new Hash(item.text("commit").orElse("")),
        item.text("device").orElse(null));
  }

  private static @Nullable TreeEntry side(Json.Obj item, String name) {
    if (!(item.get(name).orElse(Json.Nil.NULL) instanceof Json.Obj entry)) {
      return null;
    }
    Map<String, String> fields = new LinkedHashMap<>();
    entry.members().keySet().forEach(key -> fields.put(key, entry.text(key).orElse("")));
    return TreeEntry.read(item.text("path").orElse(""), fields);
  }

  private void write(List<Kept> all) {
    Json items =
        Json.array(
            all.stream()
                .map(
                    kept ->
                        Json.object(
                            "path", Json.of(kept.path()),
                            "base", json(kept.base()),
                            "ours", json(kept.ours()),
                            "commit", Json.of(kept.commit().hex()),
                            "device",
                                kept.device() == null ? Json.Nil.NULL : Json.of(kept.device())))
                .toList());
    try {
      String text = Json.object("conflicts", items).toText();
      DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new GitBlobsException("Tried to write " + file + " but failed: " + e, e);
    }
  }

  private static Json json(@Nullable TreeEntry entry) {
    return entry == null ? Json.Nil.NULL : entry.toJson();
  }
}
