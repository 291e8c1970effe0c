package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The properties of a resource type, by Pulumi's names.
 *
 * @param shape all of them with their fields
 * @param required inputs that must be given
 * @param replacing inputs of which a change replaces the resource
 * @param addressing inputs that are part of the API's path and never of a body
 * @param writeOnly inputs that the API never answers
 * @param chosen optional inputs that Cloudflare fills in when they are left out
 * @param computed what Cloudflare adds and keeps for the resource's life
 * @param changing what Cloudflare adds and changes with every update
 */
record Properties(
    Shape shape,
    Set<String> required,
    Set<String> replacing,
    Set<String> addressing,
    Set<String> writeOnly,
    Set<String> chosen,
    Set<String> computed,
    Set<String> changing) {

  boolean isInput(String name) {
    return shape.listed(name) != null && !computed.contains(name) && !changing.contains(name);
  }

  /** The names of all inputs. */
  List<String> inputs() {
    return shape.fields().keySet().stream().filter(this::isInput).toList();
  }

  /** What is wrong with the inputs by their names alone. */
  List<Problem> check(ObjectNode inputs) {
    var problems = new ArrayList<Problem>();
    for (var name : required) {
      if (!inputs.hasNonNull(name)) {
        problems.add(new Problem(name, "is required"));
      }
    }
    for (var field : inputs.properties()) {
      if (!isInput(field.getKey()) && !field.getKey().startsWith("__")) {
        problems.add(new Problem(field.getKey(), "is not an input of this resource"));
      }
    }
    return problems;
  }

  /** A property that cannot be used, and why. */
  record Problem(String property, String reason) {}
}
