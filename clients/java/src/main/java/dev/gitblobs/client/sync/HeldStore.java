package dev.gitblobs.client.sync;

import dev.gitblobs.client.json.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store that the relay holds for the user.
 *
 * @param id what it is, whatever has its name later
 * @param head where its ref stands; null when nothing was pushed
 * @param keptUntil until when it is kept if no device comes, in milliseconds of the relay's clock;
 *     null when it holds nothing
 */
public record HeldStore(
    long id,
    String name,
    @Nullable String head,
    long objects,
    long bytes,
    @Nullable Long keptUntil) {
  /** Empty when the answer has not the form. */
  static Optional<HeldStore> read(Json json) {
    if (!(json instanceof Json.Obj store) || number(store, "id") == null) {
      return Optional.empty();
    }
    return store
        .text("name")
        .map(
            name ->
                new HeldStore(
                    orZero(number(store, "id")),
                    name,
                    store.text("head").orElse(null),
                    orZero(number(store, "objects")),
                    orZero(number(store, "bytes")),
                    number(store, "kept_until")));
  }

  private static long orZero(@Nullable Long number) {
    return number == null ? 0 : number;
  }

  private static @Nullable Long number(Json.Obj store, String name) {
    return store.get(name).orElse(Json.Nil.NULL) instanceof Json.Num n
        ? (Long) (long) n.value()
        : null;
  }
}
