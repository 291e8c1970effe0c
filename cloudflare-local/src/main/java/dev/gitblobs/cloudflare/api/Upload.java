package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * The multipart body of an upload: a {@code metadata} part and the modules.
 *
 * @param modules the main module first
 */
record Upload(ObjectNode metadata, List<Part> modules) {
  // PLATFORM limits of the paid plan: 64 MiB as sent, 10 MB after gzip.
  private static final long MAX_BYTES = 64L * 1024 * 1024;
  private static final long MAX_GZIPPED_BYTES = 10_000_000;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Upload of(Call call) throws IOException {
    if (!call.isMultipart()) {
      throw ApiException.badRequest(
          10023, "The upload must be multipart/form-data with a metadata part.");
    }
    List<Part> modules = new ArrayList<>();
    ObjectNode metadata = null;
    for (Part part : call.parts(MAX_BYTES)) {
      if (part.name().equals("metadata")) {
        metadata = json(part);
      } else {
        modules.add(part);
      }
    }
    if (metadata == null) {
      throw ApiException.badRequest(10024, "The upload has no metadata part.");
    }
    checkSize(modules);
    return new Upload(metadata, mainFirst(metadata, modules));
  }

  static ObjectNode json(Part part) throws IOException {
    try {
      if (MAPPER.readTree(part.bytes()) instanceof ObjectNode object) {
        return object;
      }
      throw ApiException.badRequest(10026, "The part " + part.name() + " must be a JSON object.");
    } catch (JsonProcessingException e) {
      ApiException bad =
          ApiException.badRequest(
              10026, "The part " + part.name() + " is not JSON: " + e.getOriginalMessage());
      bad.initCause(e);
      throw bad;
    }
  }

  private static List<Part> mainFirst(ObjectNode metadata, List<Part> modules) {
    if (metadata.has("body_part")) {
      throw ApiException.badRequest(
          10021, "Service Worker syntax (body_part) is not supported here: upload an ES module.");
    }
    String main = Results.text(metadata, "main_module", 10021);
    List<Part> ordered = new ArrayList<>();
    modules.stream().filter(module -> module.fileName().equals(main)).forEach(ordered::add);
    if (ordered.isEmpty()) {
      throw ApiException.badRequest(10021, "No such module: the main module " + main);
    }
    modules.stream().filter(module -> !module.fileName().equals(main)).forEach(ordered::add);
    return ordered;
  }

  private static void checkSize(List<Part> modules) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      for (Part module : modules) {
        gzip.write(module.bytes());
      }
    }
    if (zipped.size() > MAX_GZIPPED_BYTES) {
      throw new ApiException(
          413,
          10027,
          "Your Worker exceeded the size limit of 10 MB after gzip: " + zipped.size() + " bytes.");
    }
  }
}
