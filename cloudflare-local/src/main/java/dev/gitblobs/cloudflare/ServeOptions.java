package dev.gitblobs.cloudflare;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code serve} was asked.
 *
 * @param port empty for the port of last time, or any
 */
record ServeOptions(
    Path state, Path node, Path runtime, Optional<Integer> port, Optional<Path> tokenFile) {}
