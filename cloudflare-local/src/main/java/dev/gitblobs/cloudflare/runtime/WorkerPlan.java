package dev.gitblobs.cloudflare.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A script to run.
 *
 * @param name the script's name
 * @param port where it listens on loopback
 * @param classes its Durable Object classes
 * @param versions the versions that answer, the one with the largest share first: Durable Objects
 *     and cron triggers run on it
 */
public record WorkerPlan(
    String name, int port, Map<String, DurableClass> classes, List<VersionPlan> versions) {

  /** A Durable Object class; {@code key} names its storage. */
  public record DurableClass(String key, boolean sqlite) {}

  /** A module; {@code contentType} as uploaded. */
  public record Module(String name, String contentType, Path file) {}

  /**
   * A version of the script.
   *
   * @param bindings as the API has them: objects with {@code name} and {@code type}
   * @param hasDefault whether the main module has a default export
   */
  public record VersionPlan(
      String id,
      double percentage,
      String compatibilityDate,
      List<String> compatibilityFlags,
      String mainModule,
      List<Module> modules,
      List<JsonNode> bindings,
      String createdOn,
      String tag,
      boolean hasDefault) {}

  /** Copies what may be changed from outside. */
  public WorkerPlan {
    classes = Map.copyOf(classes);
    versions = List.copyOf(versions);
  }
}
