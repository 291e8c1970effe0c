package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.client.store.StoreWriter;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides the conflicts that lines decide: a text that both sides changed in different places. What
 * comes out is put into the writer.
 */
final class ContentMerge implements ConflictResolver {
  private final ObjectStore store;
  private final StoreWriter writer;

  ContentMerge(ObjectStore store, StoreWriter writer) {
    this.store = store;
    this.writer = writer;
  }

  @Override
  public Resolution resolve(Conflict conflict) {
    TreeEntry ours = conflict.ours();
    TreeEntry theirs = conflict.theirs();
    if (ours == null || theirs == null || !Objects.equals(ours.metadata(), theirs.metadata())) {
      return new Undecided();
    }
    Optional<byte[]> base = content(conflict.base());
    Optional<byte[]> left = content(ours);
    Optional<byte[]> right = content(theirs);
    if (base.isEmpty() || left.isEmpty() || right.isEmpty()) {
      return new Undecided();
    }
    Optional<byte[]> merged = LineMerge.merge(base.get(), left.get(), right.get());
    if (merged.isEmpty()) {
      return new Undecided();
    }
    Blob blob = Blob.of(merged.get());
    writer.put(blob);
    return new Take(TreeEntry.of(blob.hash(), ours.metadata()));
  }

  /** Empty where there is no file, or its content is not in the store. */
  private Optional<byte[]> content(@Nullable TreeEntry entry) {
    return Optional.ofNullable(entry)
        .flatMap(file -> store.find(new ObjectId(ObjectType.BLOB, file.blob())))
        .map(blob -> ((Blob) blob).toBytes());
  }
}
