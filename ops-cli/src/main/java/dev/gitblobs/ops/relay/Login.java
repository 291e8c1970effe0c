package dev.gitblobs.ops.relay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.environment.Secret;
import java.net.URI;
import java.util.Map;

/**
 * A session of a user at a relay. Every call fails as {@link RelayClient#send}.
 *
 * @param relay bears its access token
 */
public record Login(RelayClient relay) {
  /** The name under which sessions of relayctl are listed. */
  private static final String DEVICE = "relayctl";

  /** Logs in. */
  public static Login of(URI address, String username, Secret password, String device) {
    JsonNode grant =
        new RelayClient(address, null)
            .post(
                "/login",
                Map.of("username", username, "password", password.value(), "device", device));
    return new Login(new RelayClient(address, new Secret(grant.path("access_token").asText())));
  }

  /** Changes a password in the user's own name; leaves no session behind. */
  public static void changePassword(URI address, String username, Secret old, Secret fresh) {
    Login login = of(address, username, old, DEVICE);
    login
        .relay()
        .send(
            "PUT",
            "/password",
            Map.of("current_password", old.value(), "new_password", fresh.value()));
    of(address, username, fresh, DEVICE).end();
  }

  /** Logs out. */
  public void end() {
    relay.post("/logout", Map.of());
  }
}
