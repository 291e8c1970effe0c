package dev.gitblobs.ops.relay;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A user of a relay.
 *
 * @param id never changes
 * @param username what is typed to log in
 * @param role {@code user} or {@code admin}
 * @param disabled whether it may not log in
 * @param passwordMustChange whether its password is a one-time one
 * @param createdAt milliseconds since 1970
 */
public record User(
    String id,
    String username,
    String role,
    boolean disabled,
    @JsonProperty("password_must_change") boolean passwordMustChange,
    @JsonProperty("created_at") long createdAt) {
  /** The same user once the one-time password was changed. */
  public User withPasswordChanged() {
    return new User(id, username, role, disabled, false, createdAt);
  }
}
