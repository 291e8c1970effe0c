package dev.gitblobs.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects operations into binary frames no larger than the limits: {@link #add} hands out a frame
 * when the next operation no longer fits, {@link #flush} the rest. Not thread-safe.
 */
public final class FrameBatcher {
  private static final int PREFIX_AND_BRACKETS = 16;

  private final List<Op> batch = new ArrayList<>();
  private int bytes = PREFIX_AND_BRACKETS;

  /** Adds one operation, which must fit a frame alone; returns the frame it no longer fitted. */
  public Optional<byte[]> add(Op op) {
    int weight = Codec.weight(op);
    boolean full = batch.size() == Limits.OPS_PER_FRAME || bytes + weight > Limits.FRAME_BYTES;
    Optional<byte[]> frame = full ? flush() : Optional.empty();
    batch.add(op);
    bytes += weight;
    return frame;
  }

  /** The frame of what was added since the last one; empty when that is nothing. */
  public Optional<byte[]> flush() {
    if (batch.isEmpty()) {
      return Optional.empty();
    }
    byte[] frame = Codec.encodeBinary(batch);
    batch.clear();
    bytes = PREFIX_AND_BRACKETS;
    return Optional.of(frame);
  }
}
