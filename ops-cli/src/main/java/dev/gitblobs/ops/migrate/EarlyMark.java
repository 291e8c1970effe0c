package dev.gitblobs.ops.migrate;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The mark before the first call, asked for while the lock is being taken: over a network that
 * saves one way there and back. It is only good when nobody migrated meanwhile.
 */
final class EarlyMark {
  private final SqlDatabase database;
  private final CompletableFuture<Optional<String>> mark;

  /** Asks for it. */
  EarlyMark(SqlDatabase database) {
    this.database = database;
    this.mark = CompletableFuture.supplyAsync(database::bookmark);
  }

  /**
   * The mark; asked for again when this one may be from before what another run did.
   *
   * @param before the ledger before the lock was asked for
   * @param now the ledger when it was taken
   */
  Supplier<Optional<String>> after(List<LedgerEntry> before, List<LedgerEntry> now) {
    return () -> {
      try {
        Optional<String> found = mark.join();
        return before.equals(now) ? found : database.bookmark();
      } catch (CompletionException e) {
        return database.bookmark(); // it tells why
      }
    };
  }
}
