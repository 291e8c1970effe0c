package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.ServerOp;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When a connection has to ask that what was pushed goes on being kept: when half of its time has
 * passed, unless somebody else asked (PROTOCOL.md 5, Keeping).
 */
final class Keeping {
  /** Renewing sooner than needed does no harm, and sums of longer times could overflow. */
  private static final Duration LONGEST = Duration.ofDays(20);

  /** A renewal that was refused is asked for again after this long. */
  private static final Duration REFUSED = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final Duration half;
  private @Nullable Long until;
  private long dueAt;
  private long asked = -1;

  Keeping(ServerOp.Welcome welcome, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.half = shorter(Duration.ofSeconds(welcome.limits().ttlSeconds()).dividedBy(2), LONGEST);
    this.until = welcome.keptUntil();
    // By the relay's clock alone: the connection's own end is soon, this machine may have any time.
    Duration left =
        until == null ? half.multipliedBy(2) : Duration.ofMillis(until - welcome.expiresAt());
    dueIn(left.minus(half));
  }

  private void dueIn(Duration pause) {
    Duration positive = pause.isNegative() ? Duration.ZERO : pause;
    dueAt = nanoTime.getAsLong() + shorter(positive, LONGEST).toNanos();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** What to ask under this number, if it is time. */
  Optional<ClientOp> askIfDue(long id) {
    if (nanoTime.getAsLong() - dueAt < 0) {
      return Optional.empty();
    }
    asked = id;
    dueIn(half);
    return Optional.of(new ClientOp.Renew(id, null));
  }

  /** Whether this is the answer to what was asked; it is taken note of. */
  boolean takes(ServerOp op) {
    if (op instanceof ServerOp.Ok ok && ok.id() == asked) {
      until = ok.expiresAt() == null ? until : ok.expiresAt();
      return true;
    }
    if (op instanceof ServerOp.Failure failure && failure.id() != null && failure.id() == asked) {
      dueIn(shorter(half, REFUSED));
      return true;
    }
    return false;
  }

  /** Until when the relay keeps what was pushed, by its own clock; null when nothing of it is. */
  @Nullable Long until() {
    return until;
  }
}
