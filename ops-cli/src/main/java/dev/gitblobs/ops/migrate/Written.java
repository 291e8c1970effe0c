package dev.gitblobs.ops.migrate;

import org.jspecify.annotations.Nullable;

/**
 * What a table says was written into it since some time; its JSON form is stable.
 *
 * @param table its name
 * @param rows how many of its rows say that they were written since; null when they keep no times
 */
public record Written(String table, @Nullable Long rows) {}
