package dev.gitblobs.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A frame's operations, or why it has none. A frame is taken whole or not at all. */
public sealed interface Decoded<T extends Op> {
  /** The operations in order, at least one. */
  record Ops<T extends Op>(List<T> ops) implements Decoded<T> {
    public Ops {
      ops = List.copyOf(ops);
    }
  }

  /** Why the frame was refused, and the request it concerns where that could be read. */
  record Refused<T extends Op>(ErrorCode code, String message, @Nullable Long id)
      implements Decoded<T> {}
}
