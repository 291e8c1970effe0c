package dev.gitblobs.cloudflare.account;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;

/**
 * A zone with the settings that were changed; the others have Cloudflare's defaults.
 *
 * @param settings setting id to value
 */
public record Zone(String id, String name, Instant createdOn, Map<String, Setting> settings) {
  /** One changed setting. */
  public record Setting(JsonNode value, Instant modifiedOn) {}

  public Zone {
    settings = Map.copyOf(settings);
  }

  public Zone withSetting(String settingId, Setting setting) {
    return new Zone(id, name, createdOn, Maps.with(settings, settingId, setting));
  }
}
