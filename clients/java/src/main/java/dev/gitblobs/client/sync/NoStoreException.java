package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.util.Optional;

/**
 * The relay does not have the store: there is none of that name, or the one this copy belongs to
 * was removed. Only the user can say whether one is to be made ({@link Syncer.Making}); the copy
 * stays as it is.
 */
public final class NoStoreException extends ConnectionLostException {
  static final String NO_STORE = "no_store";
  static final String STORE_REMOVED = "store_removed";

  private final String code;

  NoStoreException(String message, String code) {
    super(message, AfterClose.STOP, null, Optional.empty());
    this.code = code;
  }

  static boolean isMeantBy(String code) {
    return code.equals(NO_STORE) || code.equals(STORE_REMOVED);
  }

  /** Whether there was a store, which somebody removed. */
  public boolean isRemoved() {
    return code.equals(STORE_REMOVED);
  }
}
