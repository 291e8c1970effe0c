package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Writes a form of the kind {@code multipart/form-data}, part by part. */
final class MultipartBody {
  private final String boundary = "gitblobs-" + UUID.randomUUID();
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

  /** Adds a part that is a file of its own name. */
  void file(String name, String contentType, ByteString content) {
    part("name=\"" + quoted(name) + "\"; filename=\"" + quoted(name) + "\"", contentType, content);
  }

  /** Adds a part that is JSON and no file. */
  void field(String name, JsonNode value) {
    part(
        "name=\"" + quoted(name) + "\"",
        "application/json",
        ByteString.copyFromUtf8(value.toString()));
  }

  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  ByteString bytes() {
    return ByteString.copyFrom(parts.toByteArray())
        .concat(ByteString.copyFromUtf8("--" + boundary + "--\r\n"));
  }

  private void part(String disposition, String contentType, ByteString content) {
    var head =
        "--%s\r\nContent-Disposition: form-data; %s\r\nContent-Type: %s\r\n\r\n"
            .formatted(boundary, disposition, contentType);
    parts.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    parts.writeBytes(content.toByteArray());
    parts.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
  }

  /** As browsers do: no quote and no line break may end the name early. */
  private static String quoted(String name) {
    return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
  }
}
