package dev.gitblobs.cloudflare.runtime;

import java.time.Instant;

/** A copy of a database, named by a bookmark. */
public record Snapshot(String bookmark, Instant at) {}
