package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** One kind of resource and how the API is called for it. Calls fail with {@link ApiException}. */
interface ResourceType {
  /** Pulumi's name of the type. */
  String token();

  Properties properties();

  /** What is wrong with the inputs, before anything is called. */
  default List<Properties.Problem> check(ObjectNode inputs) {
    return properties().check(inputs);
  }

  /** Whether a replacement must remove the old one first, because both have the same address. */
  default boolean isDeletedBeforeReplaced() {
    return false;
  }

  State create(CloudflareApi api, ObjectNode inputs);

  State update(CloudflareApi api, State state, ObjectNode inputs);

  /**
   * Looks at the live resource.
   *
   * @param inputs as last applied; what the API never answers stays as it is here
   * @return its inputs and computed properties, or empty if it is gone
   */
  Optional<State> read(CloudflareApi api, String id, ObjectNode inputs);

  /** Removes the resource; one that is gone already counts as removed. */
  void delete(CloudflareApi api, State state);

  /**
   * The id and the addressing inputs that an import id names.
   *
   * @throws IllegalArgumentException telling the right form
   */
  State addressOf(String importId);

  /** A resource as it is: its id and all its properties. */
  record State(String id, ObjectNode properties) {}
}
