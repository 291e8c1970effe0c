package dev.gitblobs.cloudflare.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;

/** What runs the account's scripts. */
public interface ScriptRunner {
  /**
   * Makes the runtime run what the account holds now; returns when it does.
   *
   * @throws RuntimeFailure when it does not start
   */
  void apply();

  /**
   * Starts one Worker aside, to learn whether it starts at all.
   *
   * @throws RuntimeFailure with what workerd said when it does not start
   */
  Startup probe(WorkerPlan plan);

  /**
   * Opens a tail. The first one of a script restarts workerd, as a deployment does: only then are
   * its events collected, for collecting them costs most of a hub's speed.
   *
   * @param id long and random: who knows it may listen
   * @return the WebSocket's URL
   */
  String openTail(String id, String script, ArrayNode filters, long expiresAtMillis);

  /** Ends a tail. */
  void closeTail(String id);
}
