package dev.gitblobs.client.sync;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.Ancestry;
import dev.gitblobs.client.history.Omission;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.store.FileStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file whose content the relay does not take, in commits that it does not have. */
final class UnfitFile {
  private final Repository repository;
  private final ObjectId object;
  private final List<Hash> known;

  /** {@code theirs} is where the relay's ref stands. */
  UnfitFile(Repository repository, ObjectId object, @Nullable Hash theirs) {
    this.repository = repository;
    this.object = object;
    this.known = theirs == null ? List.of() : List.of(theirs);
  }

  /** A name that it has, in the newest commit that has it; null when it is no file's content. */
  @Nullable String path() {
    FileStore store = repository.store();
    Hash head = store.head().orElse(null);
    if (head == null || object.type() != ObjectType.BLOB) {
      return null;
    }
    List<Hash> unpushed = new ArrayList<>(Ancestry.missing(store, head, known));
    Collections.reverse(unpushed);
    for (Hash commit : unpushed) {
      for (var entry : store.tree(store.commit(commit).tree()).entries().entrySet()) {
        if (entry.getValue().blob().equals(object.hash())) {
          return entry.getKey();
        }
      }
    }
    return null;
  }

  /** Whether the newest commit has it no more: then it need not stop anything. */
  boolean isDeleted() {
    return repository.files().entries().values().stream()
        .noneMatch(entry -> entry.blob().equals(object.hash()));
  }

  /** Writes the unpushed commits again without it; false when there was none with it. */
  boolean leaveOut() {
    return Omission.run(
            repository.store(), known, (path, entry) -> entry.blob().equals(object.hash()))
        .isPresent();
  }
}
