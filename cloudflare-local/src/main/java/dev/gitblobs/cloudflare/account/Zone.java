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

  /** Copies what may be changed from outside. */
  public Zone {
    settings = Map.copyOf(settings);
  }

  /** The same zone with this setting in place of that one. */
  public Zone withSetting(String settingId, Setting setting) {
    return new Zone(id, name, createdOn, Maps.with(settings, settingId, setting));
  }
}
