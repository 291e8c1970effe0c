package dev.gitblobs.cloudflare.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.LinkedHashMap;
import java.util.Map;

/** An upload of a script in the form in which the genuine provider sends it. */
public final class ScriptUpload {
  private static final String BOUNDARY = "----upload-of-a-test";
  private static final String MODULE = "application/javascript+module";

  private final ObjectNode metadata = new ObjectMapper().createObjectNode();
  private final Map<String, String> modules = new LinkedHashMap<>();

  private ScriptUpload() {}

  /** One module, {@code worker.mjs}. */
  public static ScriptUpload of(String source) {
    ScriptUpload upload = new ScriptUpload();
    upload.modules.put("worker.mjs", source);
    upload.metadata.put("main_module", "worker.mjs").put("compatibility_date", "2026-11-01");
    return upload;
  }

  public ObjectNode metadata() {
    return metadata;
  }

  /** Adds a binding; further fields are set on what is returned. */
  public ObjectNode binding(String name, String type) {
    return metadata.withArray("bindings").addObject().put("name", name).put("type", type);
  }

  public ScriptUpload plain(String name, String text) {
    binding(name, "plain_text").put("text", text);
    return this;
  }

  public ScriptUpload secret(String name, String text) {
    binding(name, "secret_text").put("text", text);
    return this;
  }

  public ScriptUpload database(String name, String uuid) {
    binding(name, "d1").put("database_id", uuid);
    return this;
  }

  public ScriptUpload durableObject(String name, String className) {
    binding(name, "durable_object_namespace").put("class_name", className);
    return this;
  }

  /** A migration that makes SQLite classes. */
  public ScriptUpload newClass(String newTag, String className) {
    metadata
        .putObject("migrations")
        .put("new_tag", newTag)
        .putArray("new_sqlite_classes")
        .add(className);
    return this;
  }

  public String contentType() {
    return "multipart/form-data; boundary=" + BOUNDARY;
  }

  BodyPublisher body() {
    StringBuilder body = new StringBuilder();
    modules.forEach(
        (name, source) -> part(body, name, "; filename=\"" + name + "\"", MODULE, source));
    part(body, "metadata", "", "application/json", metadata.toString());
    return BodyPublishers.ofString(body.append("--" + BOUNDARY + "--\r\n").toString());
  }

  private static void part(
      StringBuilder body, String name, String fileName, String type, String content) {
    body.append("--" + BOUNDARY + "\r\n")
        .append("Content-Disposition: form-data; name=\"" + name + "\"" + fileName + "\r\n")
        .append("Content-Type: " + type + "\r\n\r\n")
        .append(content)
        .append("\r\n");
  }
}
