package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.account.Script.DurableClass;
import dev.gitblobs.cloudflare.http.ApiException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Durable Object migrations of an upload, applied to what the script has.
 *
 * @param tag the last migration applied, null for none
 */
record DurableMigrations(@Nullable String tag, Map<String, DurableClass> classes) {

  /**
   * What the script has after these migrations.
   *
   * @throws ApiException 412 code 10079 when they do not continue at the script's tag
   */
  DurableMigrations after(JsonNode migrations) {
    if (migrations.isMissingNode() || migrations.isNull()) {
      return this;
    }
    String live = Objects.requireNonNullElse(tag, "");
    String old = migrations.path("old_tag").asText("");
    if (!old.equals(live)) {
      throw new ApiException(
          412,
          10079,
          "Actor migration tag precondition failed, got tag '"
              + old
              + "' when expected tag is '"
              + live
              + "'");
    }
    Map<String, DurableClass> changed = new LinkedHashMap<>(classes);
    Iterable<JsonNode> steps =
        migrations.has("steps") ? migrations.get("steps") : List.of(migrations);
    steps.forEach(step -> apply(step, changed));
    String newTag = migrations.path("new_tag").asText("");
    return new DurableMigrations(newTag.isEmpty() ? tag : newTag, changed);
  }

  private static void apply(JsonNode step, Map<String, DurableClass> classes) {
    step.path("new_classes").forEach(name -> add(classes, name.asText(), "legacy-kv"));
    step.path("new_sqlite_classes").forEach(name -> add(classes, name.asText(), "sqlite"));
    for (JsonNode rename : step.path("renamed_classes")) {
      String to = rename.path("to").asText();
      DurableClass moved = remove(classes, rename.path("from").asText(), "rename");
      if (classes.putIfAbsent(to, moved) != null) {
        throw alreadyThere(to);
      }
    }
    step.path("deleted_classes").forEach(name -> remove(classes, name.asText(), "delete"));
    if (!step.path("transferred_classes").isEmpty()) {
      throw ApiException.badRequest(
          10021, "Transferring Durable Object classes between scripts is not supported here.");
    }
  }

  private static void add(Map<String, DurableClass> classes, String name, String storage) {
    if (classes.putIfAbsent(name, new DurableClass(Identity.hexId(), storage)) != null) {
      throw alreadyThere(name);
    }
  }

  private static ApiException alreadyThere(String name) {
    return ApiException.badRequest(
        10074,
        "Cannot apply new-class migration to class '"
            + name
            + "' that is already depended on by existing Durable Objects");
  }

  private static DurableClass remove(
      Map<String, DurableClass> classes, String name, String migration) {
    DurableClass removed = classes.remove(name);
    if (removed == null) {
      throw ApiException.badRequest(
          10072,
          "Cannot apply "
              + migration
              + "-class migration to class '"
              + name
              + "' that is not depended on by existing Durable Objects");
    }
    return removed;
  }

  /**
   * Every class must be exported by the code.
   *
   * @param before the classes the script had
   */
  void checkExported(List<String> exports, Map<String, DurableClass> before) {
    for (String name : classes.keySet()) {
      if (exports.contains(name)) {
        continue;
      }
      throw before.containsKey(name)
          ? ApiException.badRequest(
              10064,
              "New version of script does not export class '"
                  + name
                  + "' which is depended on by existing Durable Objects. If you want to delete the"
                  + " objects, send a delete-class migration.")
          : ApiException.badRequest(
              10070,
              "Cannot apply new-class migration to class '"
                  + name
                  + "' that is not exported by script");
    }
  }
}
