package dev.gitblobs.ops.relay;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The signing keys of a relay, over {@code /admin/keys}; never the keys themselves. */
public final class Keys {
  private final RelayClient relay;

  /** The keys of that relay, whose client bears an admin's token. */
  public Keys(RelayClient relay) {
    this.relay = relay;
  }

  /**
   * A key that still counts.
   *
   * @param use {@code next}, {@code signing} or {@code verifying}
   * @param signFrom milliseconds since 1970 from which it signs
   * @param verifyUntil after which nothing it signed is accepted; null while it is not retired
   * @param isCurrentlyWrapped whether the present JWT_SECRET wraps it
   */
  public record Key(
      String kid,
      String use,
      @JsonProperty("sign_from") long signFrom,
      @JsonProperty("verify_until") @Nullable Long verifyUntil,
      @JsonProperty("created_at") long createdAt,
      @JsonProperty("wrapped_by_present_secret") boolean isCurrentlyWrapped) {}

  /**
   * All keys that still count, newest first.
   *
   * @param state {@code ok}, {@code none} (before the first login), {@code rewrap_needed} or {@code
   *     unreadable}
   */
  public record Ring(String state, List<Key> keys) {}

  /**
   * What a rotation did.
   *
   * @param kid the new key
   * @param signFrom when it begins to sign
   * @param oldKeysVerifyUntil when the old ones end
   * @param sessionsEnded how many sessions were ended
   */
  public record Rotation(
      String kid,
      @JsonProperty("sign_from") long signFrom,
      @JsonProperty("old_keys_verify_until") long oldKeysVerifyUntil,
      @JsonProperty("sessions_ended") int sessionsEnded) {}

  /**
   * What a rewrap did.
   *
   * @param rewrapped keys now wrapped by the present secret
   * @param unreadable keys that neither secret opens
   */
  public record Rewrap(int rewrapped, int unreadable) {}

  /** The keys. */
  public Ring list() {
    return RelayClient.as(relay.get("/admin/keys"), Ring.class);
  }

  /**
   * Makes a new key.
   *
   * @param emergency whether the old ones end at once
   * @param endSessions whether everybody has to log in anew
   */
  public Rotation rotate(boolean emergency, boolean endSessions) {
    return RelayClient.as(
        relay.post(
            "/admin/keys/rotate", Map.of("emergency", emergency, "end_sessions", endSessions)),
        Rotation.class);
  }

  /** Wraps with the present JWT_SECRET what JWT_SECRET_PREVIOUS still wraps. */
  public Rewrap rewrap() {
    return RelayClient.as(relay.post("/admin/keys/rewrap", Map.of()), Rewrap.class);
  }
}
