package dev.gitblobs.cloudflare;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code serve} was asked.
 *
 * @param port empty for the port of last time, or any
 * @param d1Limits whether D1 has production's limits
 */
record ServeOptions(
    Path state,
    Path node,
    Path runtime,
    Optional<Integer> port,
    Optional<Path> tokenFile,
    boolean d1Limits) {}
