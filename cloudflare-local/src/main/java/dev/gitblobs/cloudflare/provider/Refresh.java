package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Turns an answer of the API into the inputs that would have made it. */
final class Refresh {
  private Refresh() {}

  /**
   * The inputs as they are in truth, so that a difference shows as drift.
   *
   * <p>What the answer leaves out stays as it was applied; what it says to be null is gone; what it
   * adds counts if the program might have set it, and not if Cloudflare chooses it by itself.
   *
   * @param olds the inputs as last applied; empty when the resource is being imported
   */
  static ObjectNode inputs(Properties properties, ObjectNode olds, JsonNode answer) {
    var importing =
        olds.properties().stream()
            .allMatch(field -> properties.addressing().contains(field.getKey()));
    var inputs = olds.deepCopy();
    for (var name : properties.inputs()) {
      var shape = properties.shape().child(name);
      var raw = answer.get(shape.apiName());
      if (raw == null
          || properties.addressing().contains(name)
          || properties.writeOnly().contains(name)) {
        continue;
      }
      if (raw.isNull()) {
        inputs.remove(name);
      } else if (importing || olds.has(name) || !properties.chosen().contains(name)) {
        inputs.set(name, project(olds.get(name), shape.fromApi(raw)));
      }
    }
    return inputs;
  }

  /** The live value as far as the program spoke about it. */
  static JsonNode project(@Nullable JsonNode old, JsonNode live) {
    if (old instanceof ObjectNode oldObject && live instanceof ObjectNode liveObject) {
      var seen = oldObject.deepCopy();
      oldObject
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (liveObject.has(name)) {
                  seen.set(name, project(oldObject.get(name), liveObject.get(name)));
                }
              });
      return seen;
    }
    if (old != null && old.isArray() && live.isArray()) {
      var seen = JsonNodeFactory.instance.arrayNode();
      for (var i = 0; i < live.size(); i++) {
        seen.add(project(old.get(i), live.get(i)));
      }
      return seen;
    }
    return live;
  }

  /** What Cloudflare adds to a resource: its computed properties, as far as the answer has them. */
  static ObjectNode computed(Properties properties, JsonNode answer) {
    var computed = Json.object();
    properties
        .shape()
        .fields()
        .forEach(
            (name, shape) -> {
              var value = answer.get(shape.apiName());
              if (!properties.isInput(name) && value != null && !value.isNull()) {
                computed.set(name, shape.fromApi(value));
              }
            });
    return computed;
  }
}
