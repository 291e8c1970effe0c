package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.account.Version;
import java.util.List;
import java.util.Set;

/**
 * How scripts and their settings are told. What holds nothing is told empty, as Cloudflare does:
 * the genuine provider fails where it is left out.
 */
final class ScriptViews {
  private static final Set<String> SECRET_TYPES = Set.of("secret_text", "secret_key");
  private static final List<String> VERSION_SETTINGS =
      List.of("compatibility_date", "compatibility_flags", "limits", "placement", "cache_options");

  private ScriptViews() {}

  /** As in lists and in the answer to an upload. */
  static ObjectNode script(Script script) {
    Version live = script.live();
    ObjectNode view = Results.object();
    view.put("id", script.name()).put("tag", script.tag()).put("etag", etag(live));
    view.set("handlers", Results.texts(live.handlers()));
    ArrayNode named = view.putArray("named_handlers");
    live.namedHandlers().forEach(name -> named.addObject().put("name", name));
    view.put("created_on", script.createdOn().toString());
    view.put("modified_on", script.modifiedOn().toString());
    view.put("last_deployed_from", live.source());
    view.put("has_assets", false).put("has_modules", true);
    putSettings(view, script, live);
    if (script.migrationTag() != null) {
      view.put("migration_tag", script.migrationTag());
    }
    return view;
  }

  /** The answer to an upload. */
  static ObjectNode uploaded(Script script) {
    Version live = script.live();
    ObjectNode view = script(script);
    view.put("startup_time_ms", live.startupTimeMs());
    view.put("entry_point", live.mainModule());
    view.put("deployment_id", live.id());
    view.put("available_on_subdomain", script.subdomain().enabled());
    return view;
  }

  /** {@code GET services/NAME}: the script in its one environment. */
  static ObjectNode service(Script script) {
    ObjectNode view = Results.object();
    view.put("id", script.name());
    view.put("created_on", script.createdOn().toString());
    view.put("modified_on", script.modifiedOn().toString());
    ObjectNode environment = environment(script);
    view.set("default_environment", environment);
    view.putArray("environments").add(environment);
    return view;
  }

  private static ObjectNode environment(Script script) {
    ObjectNode view = Results.object();
    view.put("environment", "production");
    view.put("created_on", script.createdOn().toString());
    view.put("modified_on", script.modifiedOn().toString());
    view.put("script_tag", script.tag());
    view.set("script", script(script));
    return view;
  }

  /** {@code GET settings}: bindings without secret values, and everything that was set. */
  static ObjectNode settings(Script script) {
    Version live = script.live();
    ObjectNode view = Results.object();
    view.set("bindings", bindings(live.metadata()));
    view.putObject("placement");
    putSettings(view, script, live);
    return view;
  }

  /** The settings of the script as such. */
  static ObjectNode scriptSettings(Script script) {
    ObjectNode view = Results.object().put("logpush", false);
    view.putArray("tags");
    view.putArray("tail_consumers");
    Publisher.copy(script.settings(), view, Publisher.SCRIPT_SETTINGS);
    return view;
  }

  private static void putSettings(ObjectNode view, Script script, Version version) {
    view.putArray("compatibility_flags");
    Publisher.copy(version.metadata(), view, VERSION_SETTINGS);
    view.put("usage_model", version.metadata().path("usage_model").asText("standard"));
    view.setAll(scriptSettings(script));
  }

  /** Without the values of secrets: those are never told. */
  static ArrayNode bindings(ObjectNode metadata) {
    ArrayNode bindings = Results.array();
    for (JsonNode binding : metadata.path("bindings")) {
      ObjectNode copy = binding.deepCopy();
      if (SECRET_TYPES.contains(binding.path("type").asText())) {
        copy.retain("name", "type");
      }
      bindings.add(copy);
    }
    return bindings;
  }

  static String etag(Version version) {
    return version.modules().get(0).sha256();
  }
}
