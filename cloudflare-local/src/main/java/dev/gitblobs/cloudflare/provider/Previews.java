package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a resource would be after a change that is not made. */
final class Previews {
  private Previews() {}

  /** The inputs; all that Cloudflare would add is not known yet. */
  static ObjectNode created(Properties properties, ObjectNode inputs) {
    var foreseen = inputs.deepCopy();
    properties.computed().forEach(name -> foreseen.set(name, Wire.unknown()));
    properties.changing().forEach(name -> foreseen.set(name, Wire.unknown()));
    return foreseen;
  }

  /** The new inputs and what stays for life; what every update changes is not known yet. */
  static ObjectNode updated(Properties properties, ObjectNode state, ObjectNode inputs) {
    var foreseen = created(properties, inputs);
    for (var name : properties.computed()) {
      if (state.has(name)) {
        foreseen.set(name, state.get(name));
      }
    }
    return foreseen;
  }
}
