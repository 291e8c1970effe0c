package dev.gitblobs.infra;

import com.pulumi.test.Mocks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands in for the engine: notes each resource with its inputs, as the engine would get them. */
final class PlannedResources implements Mocks {
  private final List<ResourceArgs> resources = new CopyOnWriteArrayList<>();
  private final Map<String, String> liveTags = new ConcurrentHashMap<>();
  private Optional<String> databaseName = Optional.empty();

  /** The account has a script of this name, whose Durable Object migrations went up to the tag. */
  void liveTag(String script, String tag) {
    liveTags.put(script, tag);
  }

  /** The stack has a database of this name, which the engine keeps. */
  void liveDatabase(String name) {
    databaseName = Optional.of(name);
  }

  void clear() {
    resources.clear();
  }

  List<String> types() {
    return resources.stream().map(it -> it.type).filter(it -> !it.startsWith("pulumi:")).toList();
  }

  /** The inputs of all resources of a type, named without {@code cloudflare:index/}. */
  List<Map<String, Object>> all(String type) {
    return resources.stream()
        .filter(it -> it.type.equals("cloudflare:index/" + type))
        .map(it -> it.inputs)
        .toList();
  }

  Map<String, Object> only(String type) {
    var found = all(type);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " resources of the type " + type);
    }
    return found.get(0);
  }

  @Override
  public CompletableFuture<ResourceResult> newResourceAsync(ResourceArgs args) {
    resources.add(args);
    var state = new TreeMap<>(args.inputs);
    if (args.type.endsWith(":D1Database")) {
      databaseName.ifPresent(name -> state.put("name", name));
    }
    state.put("uuid", "uuid-of-" + args.name);
    return CompletableFuture.completedFuture(
        ResourceResult.of(Optional.of("id-of-" + args.name), state));
  }

  @Override
  public CompletableFuture<Map<String, Object>> callAsync(CallArgs args) {
    if (!args.token.equals("cloudflare:index/getWorkersScripts:getWorkersScripts")) {
      throw new AssertionError(args.token);
    }
    var scripts =
        liveTags.entrySet().stream()
            .map(it -> Map.of("id", it.getKey(), "migrationTag", it.getValue()))
            .toList();
    return CompletableFuture.completedFuture(Map.of("results", scripts));
  }
}
