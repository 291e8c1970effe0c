package dev.gitblobs.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrameBatcherTest {
  private final FrameBatcher batcher = new FrameBatcher();

  private static ClientOp.Put put(int bytes) {
    return ClientOp.Put.of(1, ObjectType.BLOB, Body.of(new byte[bytes]));
  }

  private static List<? extends Op> ops(byte[] frame) {
    assertThat(frame.length).isLessThanOrEqualTo(Limits.FRAME_BYTES);
    return ((Decoded.Ops<ClientOp>) Codec.decodeClient(frame)).ops();
  }

  @Test
  void handsOutEachOperationOnceAndInOrder() {
    assertThat(batcher.add(put(1))).isEmpty();
    assertThat(batcher.add(put(2))).isEmpty();
    assertThat(ops(batcher.flush().orElseThrow())).isEqualTo(List.of(put(1), put(2)));
    assertThat(batcher.flush()).isEmpty();
  }

  @Test
  void beginsAFrameWhenTheBytesOfTheNextOneDoNotFit() {
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      batcher.add(put(600_000)).ifPresent(frames::add);
    }
    batcher.flush().ifPresent(frames::add);
    assertThat(frames).hasSize(3).allSatisfy(frame -> assertThat(ops(frame)).hasSize(1));
  }

  @Test
  void fillsAFrameToItsLastByteByItsOwnCount() {
    ClientOp.Put small = put(1_000);
    int left = Limits.FRAME_BYTES - 16 - Codec.weight(small) - Codec.weight(put(1_000_000));
    ClientOp.Put rest = put(1_000_000 + left);
    assertThat(batcher.add(small)).isEmpty();
    assertThat(batcher.add(rest)).as("fits").isEmpty();
    assertThat(ops(batcher.flush().orElseThrow())).hasSize(2);
    batcher.add(small);
    assertThat(batcher.add(put(1_000_001 + left))).as("a byte too many").isPresent();
  }

  @Test
  void beginsAFrameWhenItHasAsManyOperationsAsItMay() {
    ClientOp op = new ClientOp.Presence(null);
    for (int i = 0; i < Limits.OPS_PER_FRAME; i++) {
      assertThat(batcher.add(op)).isEmpty();
    }
    Optional<byte[]> full = batcher.add(op);
    assertThat(ops(full.orElseThrow())).hasSize(Limits.OPS_PER_FRAME);
    assertThat(ops(batcher.flush().orElseThrow())).hasSize(1);
  }
}
