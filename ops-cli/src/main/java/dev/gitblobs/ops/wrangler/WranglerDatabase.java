package dev.gitblobs.ops.wrangler;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A D1 database as a Worker's settings name it.
 *
 * @param binding what the Worker calls it
 * @param id its id; null when the settings leave it to its name
 * @param name its name; null when the settings do not tell
 * @param account the account it is in; null when the settings do not tell
 * @param migrations the folder of its migrations, absolute
 * @param pattern which files below that folder are migrations, as a glob; null for wrangler's own
 * @param ledger the table in which wrangler keeps what is applied
 */
public record WranglerDatabase(
    String binding,
    @Nullable String id,
    @Nullable String name,
    @Nullable String account,
    Path migrations,
    @Nullable String pattern,
    String ledger) {}
