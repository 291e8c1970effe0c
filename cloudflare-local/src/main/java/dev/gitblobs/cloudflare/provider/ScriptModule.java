package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.fileupload.MultipartStream;

/** The one ES module of a script. */
record ScriptModule(String name, ByteString bytes) {
  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)");
  private static final int BUFFER_BYTES = 8192;

  String sha256() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** What is wrong with the module that the inputs name. */
  static List<Properties.Problem> check(ObjectNode inputs) {
    if (inputs.has("content") == inputs.has("contentFile")) {
      return List.of(new Properties.Problem("contentFile", "exactly one of content, contentFile"));
    }
    if (!inputs.has("contentFile") || Wire.isUnknown(inputs.get("contentFile"))) {
      return List.of();
    }
    var expected = inputs.path("contentSha256").asText();
    if (expected.isEmpty()) {
      return List.of(new Properties.Problem("contentSha256", "is required with contentFile"));
    }
    try {
      var actual = read(inputs).sha256();
      return actual.equals(expected)
          ? List.of()
          : List.of(new Properties.Problem("contentSha256", "is not the hash of contentFile"));
    } catch (ApiException e) {
      return List.of(new Properties.Problem("contentFile", String.valueOf(e.getMessage())));
    }
  }

  /**
   * The module that the inputs name.
   *
   * @throws ApiException if its file cannot be read
   */
  static ScriptModule read(ObjectNode inputs) {
    var name = inputs.path("mainModule").asText("worker.mjs");
    if (inputs.has("content")) {
      return new ScriptModule(name, ByteString.copyFromUtf8(inputs.path("content").asText()));
    }
    var file = Path.of(inputs.path("contentFile").asText()).toAbsolutePath();
    try {
      return new ScriptModule(name, ByteString.copyFrom(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new ApiException("The script's bundle " + file + " cannot be read; build it first", e);
    }
  }

  /** The module in an answer of {@code content/v2}: raw, or the first part of a form, or none. */
  static Optional<ScriptModule> ofAnswer(HttpResponse<byte[]> answer) {
    if (answer.body().length == 0) {
      return Optional.empty();
    }
    var type = answer.headers().firstValue("content-type").orElse("");
    var boundary = BOUNDARY.matcher(type);
    if (!type.startsWith("multipart/") || !boundary.find()) {
      return Optional.of(new ScriptModule("", ByteString.copyFrom(answer.body())));
    }
    try {
      return firstPart(answer.body(), boundary.group(1));
    } catch (IOException e) {
      throw new ApiException("The script's content was answered with a malformed form", e);
    }
  }

  private static Optional<ScriptModule> firstPart(byte[] body, String boundary) throws IOException {
    var form =
        new MultipartStream(
            new ByteArrayInputStream(body),
            boundary.getBytes(StandardCharsets.US_ASCII),
            BUFFER_BYTES,
            null);
    if (!form.skipPreamble()) {
      return Optional.empty();
    }
    form.readHeaders();
    var bytes = new ByteArrayOutputStream();
    form.readBodyData(bytes);
    return Optional.of(new ScriptModule("", ByteString.copyFrom(bytes.toByteArray())));
  }
}
