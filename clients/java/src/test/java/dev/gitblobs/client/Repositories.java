package dev.gitblobs.client;

import dev.gitblobs.client.store.FileStore;

/** Repositories over stores that tests have prepared. */
public final class Repositories {
  private Repositories() {}

  /** A repository over this store. */
  public static Repository of(FileStore store, Author author) {
    return new Repository(store, author);
  }
}
