package dev.gitblobs.ops.relay;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The users of a relay, over {@code /admin/users}. Every call fails as {@link RelayClient#send}.
 */
public final class Users {
  private static final String PATH = "/admin/users";

  private final RelayClient relay;

  /** The users of that relay, whose client bears an admin's token. */
  public Users(RelayClient relay) {
    this.relay = relay;
  }

  /**
   * A user and a password that works once, to be changed at the first login.
   *
   * @param password shown to the operator once and kept nowhere
   * @param expiresAt milliseconds since 1970, after which it is refused
   */
  public record OneTime(
      User user,
      @JsonProperty("one_time_password") Secret password,
      @JsonProperty("password_expires_at") long expiresAt) {}

  /**
   * A session: one login of a device.
   *
   * @param ipPrefix the network it came from last
   */
  public record Session(
      String id,
      String device,
      @JsonProperty("ip_prefix") String ipPrefix,
      @JsonProperty("created_at") long createdAt,
      @JsonProperty("last_seen_at") long lastSeenAt,
      @JsonProperty("expires_at") long expiresAt) {}

  /** All users, by name; asks page by page. */
  public List<User> list() {
    List<User> users = new ArrayList<>();
    String after = "";
    do {
      JsonNode page =
          relay.get(PATH + "?limit=200" + (after.isEmpty() ? "" : "&after=" + encode(after)));
      page.path("users").forEach(user -> users.add(RelayClient.as(user, User.class)));
      after = page.path("next").asText("");
    } while (!after.isEmpty());
    return users;
  }

  /**
   * The user of that name.
   *
   * @throws OpsException when there is none
   */
  public User find(String username) {
    JsonNode users = relay.get(PATH + "?username=" + encode(username)).path("users");
    if (users.isEmpty()) {
      throw new OpsException(
          "There is no user '" + username + "'.", "relayctl users list shows who there is.");
    }
    return RelayClient.as(users.get(0), User.class);
  }

  /** Adds a user with a one-time password. */
  public OneTime add(String username, String role) {
    return oneTime(relay.post(PATH, Map.of("username", username, "role", role)));
  }

  /** Ends all sessions and refuses further logins. */
  public User disable(User user) {
    return RelayClient.as(relay.post(path(user) + "/disable", Map.of()), User.class);
  }

  /** Lets it log in again. */
  public User enable(User user) {
    return RelayClient.as(relay.post(path(user) + "/enable", Map.of()), User.class);
  }

  /** Gives it a one-time password and ends all its sessions. */
  public OneTime resetPassword(User user) {
    return oneTime(relay.post(path(user) + "/reset-password", Map.of()));
  }

  /** Removes it with all its data. */
  public void remove(User user) {
    relay.delete(path(user));
  }

  /** Its live sessions, newest first. */
  public List<Session> sessions(User user) {
    List<Session> sessions = new ArrayList<>();
    relay
        .get(path(user) + "/sessions")
        .path("sessions")
        .forEach(session -> sessions.add(RelayClient.as(session, Session.class)));
    return sessions;
  }

  /** Ends all its sessions; how many that were. */
  public int endSessions(User user) {
    return relay.delete(path(user) + "/sessions").path("ended").asInt();
  }

  /** Ends one of its sessions. */
  public void endSession(User user, String session) {
    relay.delete(path(user) + "/sessions/" + encode(session));
  }

  private static OneTime oneTime(JsonNode answer) {
    return new OneTime(
        RelayClient.as(answer.path("user"), User.class),
        new Secret(answer.path("one_time_password").asText()),
        answer.path("password_expires_at").asLong());
  }

  private static String path(User user) {
    return PATH + "/" + encode(user.id());
  }

  private static String encode(String value) {
    return RelayClient.encode(value);
  }
}
