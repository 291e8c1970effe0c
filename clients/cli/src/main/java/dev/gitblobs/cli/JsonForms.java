package dev.gitblobs.cli;

import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.TreeChange;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Signature;
import dev.gitblobs.client.object.TreeEntry;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The stable JSON of things that several commands print. */
final class JsonForms {
  private JsonForms() {}

  static Json commit(Commit commit) {
    return Json.object(
        "hash", Json.of(commit.hash().hex()),
        "tree", Json.of(commit.tree().hex()),
        "parents", Json.texts(commit.parents().stream().map(Hash::hex).toList()),
        "author", signature(commit.author()),
        "committer", signature(commit.committer()),
        "message", Json.of(commit.message()));
  }

  private static Json signature(Signature signature) {
    return Json.object(
        "name", Json.of(signature.name()),
        "email", Json.of(signature.email()),
        "timestamp", Json.of(signature.timestamp()));
  }

  static Json changes(List<TreeChange> changes) {
    return Json.array(
        changes.stream()
            .map(
                change ->
                    Json.object(
                        "path", Json.of(change.path()),
                        "kind", Json.of(name(change.kind())),
                        "before", file(change.before()),
                        "after", file(change.after())))
            .toList());
  }

  static Json conflicts(List<Conflict> conflicts) {
    return Json.array(
        conflicts.stream()
            .map(
                conflict ->
                    Json.object(
                        "path", Json.of(conflict.path()),
                        "kind", Json.of(name(conflict.kind())),
                        "base", file(conflict.base()),
                        "ours", file(conflict.ours()),
                        "theirs", file(conflict.theirs()),
                        "device",
                            conflict.device() == null ? Json.Nil.NULL : Json.of(conflict.device())))
            .toList());
  }

  static Json file(@Nullable TreeEntry entry) {
    if (entry == null) {
      return Json.Nil.NULL;
    }
    Hash metadata = entry.metadata();
    return Json.object(
        "blob",
        Json.of(entry.blob().hex()),
        "metadata",
        metadata == null ? Json.Nil.NULL : Json.of(metadata.hex()));
  }

  static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
