package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ServerOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The errors of an {@link InMemoryRelay}; their retry class follows from the code. */
final class Failures {
  private Failures() {}

  static ServerOp of(@Nullable Long id, ErrorCode code) {
    return make(id, code, null, null, null, null);
  }

  /** Better asked again a little later. */
  static ServerOp later(long id, ErrorCode code) {
    return make(id, code, 1_000L, null, null, null);
  }

  static ServerOp conflict(long id, @Nullable String current) {
    return make(id, ErrorCode.REF_CONFLICT, null, new ServerOp.Current(current), null, null);
  }

  static ServerOp missing(long id, List<ObjectKey> need) {
    return make(id, ErrorCode.MISSING, null, null, need, null);
  }

  static ServerOp badOffset(long id, int upto) {
    return make(id, ErrorCode.BAD_OFFSET, null, null, null, upto);
  }

  private static ServerOp make(
      @Nullable Long id,
      ErrorCode code,
      @Nullable Long afterMs,
      ServerOp.@Nullable Current current,
      @Nullable List<ObjectKey> need,
      @Nullable Integer upto) {
    String name = code.wire();
    return new ServerOp.Failure(id, name, name, code.retry(), afterMs, current, need, upto);
  }

  /** The request an operation is; null for one that has no answer of its own. */
  static @Nullable Long idOf(ClientOp op) {
    if (op instanceof ClientOp.Put put) {
      return put.id();
    } else if (op instanceof ClientOp.Push push) {
      return push.id();
    } else if (op instanceof ClientOp.Have have) {
      return have.id();
    } else if (op instanceof ClientOp.Chunk chunk) {
      return chunk.id();
    } else if (op instanceof ClientOp.Pull pull) {
      return pull.id();
    } else if (op instanceof ClientOp.Fetch fetch) {
      return fetch.id();
    } else if (op instanceof ClientOp.Get get) {
      return get.id();
    } else if (op instanceof ClientOp.Send send) {
      return send.id();
    }
    if (op instanceof ClientOp.Renew renew) {
      return renew.id();
    }
    return op instanceof ClientOp.Need need ? need.id() : null;
  }
}
