package dev.gitblobs.cloudflare.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request with its path parameters; bodies are read here, within limits. */
public final class Call {
  /** Of a JSON body; Cloudflare's own limit for a D1 query's body is lower. */
  private static final int MAX_JSON_BYTES = 32 * 1024 * 1024;

  // Trailing junk and duplicate keys are malformed; large numbers keep their digits.
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private final Request request;
  private final Map<String, String> parameters;

  Call(Request request, Map<String, String> parameters) {
    this.request = request;
    this.parameters = parameters;
  }

  /** A part of the path that the pattern names. */
  public String path(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the pattern has no {" + name + "}");
    }
    return value;
  }

  /** The first value of a query parameter, decoded; empty if it is not there. */
  public Optional<String> query(String name) {
    for (String pair : request.rawQuery().orElse("").split("&", -1)) {
      String[] keyAndValue = pair.split("=", 2);
      if (decode(keyAndValue[0]).equals(name)) {
        return Optional.of(keyAndValue.length == 2 ? decode(keyAndValue[1]) : "");
      }
    }
    return Optional.empty();
  }

  /** The first value of a header; empty if it is not there. */
  public Optional<String> header(String name) {
    return request.header(name);
  }

  /** Whether the client announced that it sends no body. */
  public boolean isEmpty() {
    return header("Content-Length").map("0"::equals).orElse(true)
        && header("Transfer-Encoding").isEmpty();
  }

  /** Whether the body is announced as a multipart form. */
  public boolean isMultipart() {
    return header("Content-Type").orElse("").startsWith("multipart/form-data");
  }

  /** The JSON body. Anything else is error 6007. */
  public JsonNode json() throws IOException {
    byte[] bytes = bytes(MAX_JSON_BYTES);
    try {
      JsonNode body = MAPPER.readTree(bytes);
      if (body == null || body.isMissingNode()) {
        throw malformed("the body is empty");
      }
      return body;
    } catch (JsonProcessingException e) {
      throw malformed(e.getOriginalMessage());
    }
  }

  /** The JSON body, which must be an object. */
  public ObjectNode object() throws IOException {
    if (json() instanceof ObjectNode object) {
      return object;
    }
    throw malformed("an object is expected");
  }

  private static ApiException malformed(String detail) {
    return ApiException.badRequest(6007, "Malformed JSON in request body: " + detail);
  }

  /** The files and fields of a multipart body. */
  public List<Part> parts(long maxBytes) throws IOException {
    return Part.read(request, maxBytes);
  }

  /** The whole body. More than {@code maxBytes} is error 413. */
  public byte[] bytes(int maxBytes) throws IOException {
    byte[] bytes = request.body().readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new ApiException(413, 10027, "The request body is larger than " + maxBytes + " bytes.");
    }
    return bytes;
  }

  /** The API's root as this request reached it. */
  public String origin() {
    return "http://127.0.0.1:" + request.localPort() + ApiServer.ROOT;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest(7003, "The URL holds a malformed escape.");
    }
  }
}
