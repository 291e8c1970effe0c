package dev.gitblobs.client.store;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.ObjectId;

/** An object that something refers to is not in the store. */
public final class MissingObjectException extends GitBlobsException {
  private final transient ObjectId id;

  /** The store lacks this object. */
  public MissingObjectException(ObjectId id) {
    super("The store does not have " + id + ".");
    this.id = id;
  }

  /** The object that is missing. */
  public ObjectId id() {
    return id;
  }
}
