package dev.gitblobs.cloudflare.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A D1 database as the API tells it; its data lives in the runtime's storage.
 *
 * @param readReplication the mode last set, or null when it never was
 */
public record Database(
    String uuid,
    String name,
    Instant createdAt,
    @Nullable String readReplication,
    @Nullable String jurisdiction,
    @Nullable String primaryLocationHint) {

  /** The same database with another mode of read replication. */
  public Database withReadReplication(String mode) {
    return new Database(uuid, name, createdAt, mode, jurisdiction, primaryLocationHint);
  }
}
