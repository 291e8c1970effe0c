package dev.gitblobs.cloudflare.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One upload of a script: its code, bindings with their secret values, and settings, as sent.
 *
 * @param metadata the upload's metadata part, with inherited and kept bindings resolved
 */
public record Version(
    String id,
    int number,
    Instant createdOn,
    String source,
    Map<String, String> annotations,
    ObjectNode metadata,
    List<Module> modules,
    List<String> handlers,
    List<String> namedHandlers,
    int startupTimeMs) {

  /** A file of the upload; its bytes are kept by their hash. */
  public record Module(String name, String contentType, String sha256, long size) {}

  /** Copies what may be changed from outside. */
  public Version {
    annotations = Map.copyOf(annotations);
    modules = List.copyOf(modules);
    handlers = List.copyOf(handlers);
    namedHandlers = List.copyOf(namedHandlers);
  }

  /** The name of the module that is started. */
  public String mainModule() {
    return metadata.path("main_module").asText(modules.get(0).name());
  }

  /** With what it showed at its first start. */
  public Version started(List<String> newHandlers, List<String> newNamed, int milliseconds) {
    return new Version(
        id,
        number,
        createdOn,
        source,
        annotations,
        metadata,
        modules,
        newHandlers,
        newNamed,
        milliseconds);
  }

  /** Without the bindings: they hold secrets. */
  @Override
  public String toString() {
    return "Version[id=" + id + ", number=" + number + "]";
  }
}
