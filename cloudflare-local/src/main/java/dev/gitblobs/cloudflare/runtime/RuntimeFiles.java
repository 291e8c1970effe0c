package dev.gitblobs.cloudflare.runtime;

import java.nio.file.Path;

/**
 * Where the runtime's parts are.
 *
 * @param node the Node program (24 or newer)
 * @param main {@code runtime/main.mjs}; its Workers and plugin lie beside it
 * @param storage where databases and Durable Objects are kept
 * @param pids where the pids of the running processes are noted
 */
public record RuntimeFiles(Path node, Path main, Path storage, Path pids) {
  Path beside(String name) {
    return main.resolveSibling(name);
  }
}
