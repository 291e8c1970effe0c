package dev.gitblobs.client.store;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.ObjectId;

/** What a store holds under an id is not that object. */
public final class CorruptObjectException extends GitBlobsException {
  private final transient ObjectId id;

  CorruptObjectException(ObjectId id, String reason) {
    super(
        "The store's "
            + id
            + " is damaged: "
            + reason
            + ". Run `gitblobs verify` to see all damage.");
    this.id = id;
  }

  /** The object that is damaged. */
  public ObjectId id() {
    return id;
  }
}
