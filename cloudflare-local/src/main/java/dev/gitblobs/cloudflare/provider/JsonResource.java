package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A resource whose calls carry JSON, told by its row in {@link ResourceTypes}.
 *
 * @param calls where and how the API is called
 * @param idFrom the input or the field of the answer that is the id
 * @param importForm the parts of an import id, such as {@code accountId/id}
 */
record JsonResource(
    String token,
    Properties properties,
    Calls calls,
    String idFrom,
    ImportForm importForm,
    boolean isDeletedBeforeReplaced)
    implements ResourceType {

  private static final String TAKEN =
      "if it is there already, import it (docs/infrastructure.md, Import and recovery), remove it"
          + " or choose another name";

  /**
   * The calls of a resource.
   *
   * @param update the method; empty if nothing can be changed in place
   * @param deletes false if destroying merely forgets the resource, as the genuine provider does
   * @param bareInput the input that is the whole body; empty if the body is an object
   * @param twin by which a creation is found whose answer was lost
   */
  record Calls(
      String create,
      ApiPath collection,
      ApiPath item,
      String update,
      boolean deletes,
      String bareInput,
      Twin twin) {}

  /**
   * How the API takes a second resource that is the same as one that there is.
   *
   * @param field whose value tells the two alike; empty if creating again changes nothing
   * @param isMadeTwice whether the API makes it beside the first instead of refusing it
   */
  record Twin(String field, boolean isMadeTwice) {}

  @Override
  public State create(CloudflareApi api, ObjectNode inputs) {
    var path = calls.collection().fill("", inputs);
    var body = body(inputs, false);
    var twin = calls.twin();
    if (twin.isMadeTwice()) {
      var lost = LostCreation.find(api, path, twin.field(), body);
      if (lost.isPresent()) {
        return adopted(api, inputs, lost.get());
      }
    }
    try {
      return applied(inputs, api.result(ApiRequest.of(calls.create(), path, body)));
    } catch (ApiException e) {
      if (twin.isMadeTwice() || twin.field().isEmpty() || !e.isConflict()) {
        throw e;
      }
      var lost = LostCreation.find(api, path, twin.field(), body).orElseThrow(() -> e.with(TAKEN));
      return adopted(api, inputs, lost);
    }
  }

  private State adopted(CloudflareApi api, ObjectNode inputs, JsonNode lost) {
    return update(api, applied(inputs, lost), inputs);
  }

  @Override
  public State update(CloudflareApi api, State state, ObjectNode inputs) {
    var path = calls.item().fill(state.id(), inputs);
    var answer = api.result(ApiRequest.of(calls.update(), path, body(inputs, true)));
    var kept = Json.object();
    properties
        .computed()
        .forEach(
            name -> {
              if (state.properties().has(name)) {
                kept.set(name, state.properties().get(name));
              }
            });
    kept.setAll(applied(inputs, answer).properties());
    return new State(state.id(), kept);
  }

  @Override
  public Optional<State> read(CloudflareApi api, String id, ObjectNode inputs) {
    JsonNode answer;
    try {
      answer = api.result(ApiRequest.of("GET", calls.item().fill(id, inputs)));
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
    var live = Refresh.inputs(properties, inputs, answer);
    live.setAll(Refresh.computed(properties, answer));
    return Optional.of(new State(id, live));
  }

  @Override
  public void delete(CloudflareApi api, State state) {
    if (!calls.deletes()) {
      return;
    }
    try {
      api.answer(ApiRequest.of("DELETE", calls.item().fill(state.id(), state.properties())));
    } catch (ApiException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  @Override
  public State addressOf(String importId) {
    return importForm.parse(importId, idFrom);
  }

  private JsonNode body(ObjectNode inputs, boolean updating) {
    var body = inputs.deepCopy();
    body.remove(properties.addressing());
    if (updating) {
      body.remove(properties.replacing());
    }
    var renamed = properties.shape().toApi(body);
    return calls.bareInput().isEmpty() ? renamed : renamed.path(calls.bareInput());
  }

  private State applied(ObjectNode inputs, JsonNode answer) {
    var applied = inputs.deepCopy();
    applied.setAll(Refresh.computed(properties, answer));
    var id = properties.isInput(idFrom) ? inputs.path(idFrom) : answer.path(idFrom);
    if (id.asText().isEmpty()) {
      throw new ApiException(
          ApiException.NO_ANSWER, "The API made the resource but its answer has no " + idFrom);
    }
    return new State(id.asText(), applied);
  }
}
