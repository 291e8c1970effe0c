package dev.gitblobs.cloudflare.runtime;

import java.util.List;

/**
 * What a Worker showed when it started.
 *
 * @param handlers the default export's methods: fetch, scheduled, ..
 * @param exports the names of the other exported classes and functions
 * @param milliseconds the start, the process around it included
 */
public record Startup(List<String> handlers, List<String> exports, int milliseconds) {
  /** Copies what may be changed from outside. */
  public Startup {
    handlers = List.copyOf(handlers);
    exports = List.copyOf(exports);
  }
}
