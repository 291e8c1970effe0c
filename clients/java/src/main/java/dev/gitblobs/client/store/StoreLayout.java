package dev.gitblobs.client.store;

import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import java.nio.file.Path;
import java.util.Set;

/**
 * Where things are in a store's folder. {@code HEAD}, {@code objects/} and {@code refs/} are the
 * original clients'; all of ours is under {@code gitblobs/}, which they ignore.
 */
record StoreLayout(Path base) {
  private static final String HEAD = "HEAD";
  private static final String OBJECTS = "objects";
  private static final String REFS = "refs";
  private static final String OWN = "gitblobs";

  /** All that a store has in its folder. */
  static final Set<String> NAMES = Set.of(HEAD, OBJECTS, REFS, OWN);

  Path head() {
    return base.resolve(HEAD);
  }

  Path objects() {
    return base.resolve(OBJECTS);
  }

  Path object(Hash hash) {
    return objects().resolve(hash.hex());
  }

  Path refs() {
    return base.resolve(REFS);
  }

  Path own() {
    return base.resolve(OWN);
  }

  /** Files being written. Empty but during a turn or after a crash. */
  Path staging() {
    return own().resolve("staging");
  }

  Path lock() {
    return own().resolve("lock");
  }

  /** Which commits may lack their own hash. */
  Path roots() {
    return own().resolve("roots.json");
  }

  /** Where the head has been. */
  Path headLog() {
    return own().resolve("heads.log");
  }

  /** Objects whose place in {@code objects/} is taken by one of another type (FORMAT.md 2.5). */
  Path twins() {
    return own().resolve("twins");
  }

  Path twin(ObjectId id) {
    return twins().resolve(id.type().wireName() + "-" + id.hash().hex());
  }
}
