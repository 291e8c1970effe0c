package dev.gitblobs.infra;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * What the Worker asks of its environment: {@code worker/bindings.json}, which owns the names of
 * all bindings.
 */
record WorkerManifest(
    String mainModule,
    String compatibilityDate,
    List<String> compatibilityFlags,
    String d1,
    List<DurableObject> durableObjects,
    List<Migration> migrations,
    String versionMetadata,
    List<RateLimit> rateLimits,
    List<String> secrets,
    List<String> plain,
    List<String> crons) {

  /** A Durable Object class and the name under which the code finds it. */
  record DurableObject(String binding, String className) {}

  /** A Durable Object migration step and the tag that the script carries after it. */
  record Migration(
      String tag,
      List<String> newSqliteClasses,
      List<String> deletedClasses,
      List<Rename> renamed) {}

  /** A Durable Object class that goes on under another name. */
  record Rename(String from, String to) {}

  /** A rate limiter of the Worker itself. */
  record RateLimit(String binding, int limit, int periodSeconds) {}

  /**
   * Reads the manifest.
   *
   * @throws SettingsException if the file is missing or malformed
   */
  static WorkerManifest read(Path file) {
    try {
      return parse(JsonParser.parseString(Files.readString(file)).getAsJsonObject());
    } catch (IOException e) {
      throw broken(file, "cannot be read; restore it with git", e);
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      throw broken(file, "is malformed (" + e.getMessage() + "); correct it or restore it", e);
    }
  }

  private static SettingsException broken(Path file, String what, Exception cause) {
    var problem = new SettingsException("The Worker's manifest " + file + " " + what, List.of());
    problem.addSuppressed(cause);
    return problem;
  }

  private static WorkerManifest parse(JsonObject json) {
    return new WorkerManifest(
        text(json, "main_module"),
        text(json, "compatibility_date"),
        texts(json, "compatibility_flags"),
        text(json, "d1"),
        each(
            json,
            "durable_objects",
            o -> new DurableObject(text(o, "binding"), text(o, "class_name"))),
        each(json, "durable_object_migrations", WorkerManifest::parseMigration),
        text(json, "version_metadata"),
        each(json, "rate_limits", WorkerManifest::parseRateLimit),
        texts(json, "secrets"),
        texts(json, "plain"),
        texts(json, "crons"));
  }

  private static Migration parseMigration(JsonObject json) {
    return new Migration(
        text(json, "tag"),
        texts(json, "new_sqlite_classes"),
        texts(json, "deleted_classes"),
        each(json, "renamed_classes", r -> new Rename(text(r, "from"), text(r, "to"))));
  }

  private static RateLimit parseRateLimit(JsonObject json) {
    return new RateLimit(
        text(json, "binding"),
        member(json, "limit").getAsInt(),
        member(json, "period_seconds").getAsInt());
  }

  private static String text(JsonObject json, String key) {
    return member(json, key).getAsString();
  }

  private static JsonElement member(JsonObject json, String key) {
    var member = json.get(key);
    if (member == null) {
      throw new JsonParseException("\"" + key + "\" is missing");
    }
    return member;
  }

  private static List<String> texts(JsonObject json, String key) {
    return elements(json, key, JsonElement::getAsString);
  }

  private static <T> List<T> each(JsonObject json, String key, Function<JsonObject, T> parse) {
    return elements(json, key, element -> parse.apply(element.getAsJsonObject()));
  }

  private static <T> List<T> elements(JsonObject json, String key, Function<JsonElement, T> parse) {
    var array = json.has(key) ? json.getAsJsonArray(key) : new JsonArray();
    return StreamSupport.stream(array.spliterator(), false).map(parse).toList();
  }
}
