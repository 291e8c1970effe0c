package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Deployment;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.account.Version;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How versions and deployments are told. */
final class VersionViews {
  private static final String AUTHOR = "local@relay.test";

  private VersionViews() {}

  static ObjectNode summary(Version version) {
    ObjectNode view = Results.object();
    view.put("id", version.id()).put("number", version.number());
    view.putObject("metadata")
        .put("created_on", version.createdOn().toString())
        .put("modified_on", version.createdOn().toString())
        .put("source", version.source())
        .put("author_email", AUTHOR)
        .put("author_id", "00000000000000000000000000000001")
        .put("hasPreview", false);
    view.set("annotations", annotations(version.annotations()));
    return view;
  }

  static ObjectNode full(Script script, Version version) {
    ObjectNode view = summary(version);
    view.put("startup_time_ms", version.startupTimeMs());
    ObjectNode resources = view.putObject("resources");
    resources.set("bindings", ScriptViews.bindings(version.metadata()));
    ObjectNode code = resources.putObject("script");
    code.put("etag", ScriptViews.etag(version));
    code.set("handlers", Results.texts(version.handlers()));
    ArrayNode named = code.putArray("named_handlers");
    version
        .namedHandlers()
        .forEach(name -> named.addObject().put("name", name).putArray("handlers").add("class"));
    code.put("last_deployed_from", version.source());
    ObjectNode runtime = resources.putObject("script_runtime");
    Publisher.copy(
        version.metadata(),
        runtime,
        List.of("compatibility_date", "compatibility_flags", "limits"));
    runtime.put("usage_model", version.metadata().path("usage_model").asText("standard"));
    if (script.migrationTag() != null) {
      runtime.put("migration_tag", script.migrationTag());
    }
    return view;
  }

  static ObjectNode deployment(Deployment deployment) {
    ObjectNode view = Results.object();
    view.put("id", deployment.id()).put("source", deployment.source());
    view.put("strategy", "percentage").put("author_email", AUTHOR);
    view.put("created_on", deployment.createdOn().toString());
    view.set("annotations", annotations(deployment.annotations()));
    ArrayNode versions = view.putArray("versions");
    deployment
        .versions()
        .forEach(
            share ->
                versions
                    .addObject()
                    .put("version_id", share.versionId())
                    .put("percentage", share.percentage()));
    return view;
  }

  private static ObjectNode annotations(Map<String, String> annotations) {
    ObjectNode view = Results.object();
    new TreeMap<>(annotations).forEach(view::put);
    return view;
  }
}
