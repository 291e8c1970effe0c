package dev.gitblobs.cloudflare.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a request is answered with. */
public final class Reply {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final int status;
  private final String contentType;
  private final byte[] body;
  private final Map<String, String> headers;

  private Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.headers = headers;
  }

  /** The status. */
  public int status() {
    return status;
  }

  String contentType() {
    return contentType;
  }

  /** The body as sent. */
  public byte[] body() {
    return body;
  }

  /** Beside the content type. */
  Map<String, String> headers() {
    return headers;
  }

  /** Success in Cloudflare's envelope. */
  public static Reply ok(JsonNode result) {
    return json(200, envelope(true, result), Map.of());
  }

  /** Success without a result. */
  public static Reply none() {
    return ok(NullNode.getInstance());
  }

  /** Success with a page of a list and the count of all. */
  public static Reply page(JsonNode result, ObjectNode resultInfo) {
    ObjectNode envelope = envelope(true, result);
    envelope.set("result_info", resultInfo);
    return json(200, envelope, Map.of());
  }

  /** Bytes without an envelope. */
  public static Reply raw(String contentType, byte[] body, Map<String, String> headers) {
    return new Reply(200, contentType, body, headers);
  }

  /**
   * An error in Cloudflare's envelope. Clients are told not to retry, else one error costs the
   * genuine provider minutes; an injected error leaves the choice to them.
   */
  static Reply error(int status, int code, String message, boolean saysNoRetry) {
    ObjectNode envelope = envelope(false, NullNode.getInstance());
    envelope.withArray("errors").addObject().put("code", code).put("message", message);
    return json(status, envelope, saysNoRetry ? Map.of("x-should-retry", "false") : Map.of());
  }

  private static ObjectNode envelope(boolean success, @Nullable JsonNode result) {
    ObjectNode envelope = JSON.objectNode().put("success", success);
    envelope.putArray("errors");
    envelope.putArray("messages");
    envelope.set("result", result);
    return envelope;
  }

  private static Reply json(int status, JsonNode body, Map<String, String> headers) {
    try {
      return new Reply(status, "application/json", MAPPER.writeValueAsBytes(body), headers);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
