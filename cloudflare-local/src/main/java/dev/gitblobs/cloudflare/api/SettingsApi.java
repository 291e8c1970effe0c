package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.account.Version;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Part;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A script's settings: those of its version (a change makes a new one) and its own. */
final class SettingsApi {
  private static final int MAX_BYTES = 1024 * 1024;
  private static final List<String> VERSION_SETTINGS =
      List.of("compatibility_date", "compatibility_flags", "limits", "placement", "usage_model");

  private final Account account;
  private final Scripts scripts;
  private final Publisher publisher;

  SettingsApi(Account account, Scripts scripts, Publisher publisher) {
    this.account = account;
    this.scripts = scripts;
    this.publisher = publisher;
  }

  void register(Router router) {
    String settings = ScriptsApi.ONE + "/settings";
    String scriptSettings = ScriptsApi.ONE + "/script-settings";
    router
        .get(settings, call -> Reply.ok(ScriptViews.settings(ScriptsApi.find(account, call))))
        .patch(settings, this::patch)
        .get(
            scriptSettings,
            call -> Reply.ok(ScriptViews.scriptSettings(ScriptsApi.find(account, call))))
        .patch(scriptSettings, this::patchScriptSettings);
  }

  private Reply patch(Call call) throws IOException {
    String name = ScriptsApi.find(account, call).name();
    ObjectNode sent = settings(call);
    Script changed =
        scripts.alone(
            name,
            () -> {
              publisher.amend(
                  name,
                  SettingsApi::checkDeployed,
                  (latest, metadata) -> amended(latest, metadata, sent),
                  "settings");
              return own(name, sent);
            });
    return Reply.ok(ScriptViews.settings(changed));
  }

  private static void checkDeployed(Script script) {
    if (!script.live().id().equals(script.latest().id())) {
      throw ApiException.badRequest(
          10214,
          "Settings edit failed: the latest version of your Worker isn't currently deployed.");
    }
  }

  private static ObjectNode amended(Version latest, ObjectNode metadata, ObjectNode sent) {
    if (sent.has("bindings")) {
      metadata.set("bindings", Bindings.resolve(sent, Optional.of(latest)));
    }
    Publisher.copy(sent, metadata, VERSION_SETTINGS);
    return metadata;
  }

  private Reply patchScriptSettings(Call call) throws IOException {
    Script changed = own(ScriptsApi.find(account, call).name(), call.object());
    return Reply.ok(ScriptViews.scriptSettings(changed));
  }

  private Script own(String name, ObjectNode sent) {
    return scripts.change(name, script -> script.withSettings(merged(script.settings(), sent)));
  }

  private static ObjectNode merged(ObjectNode before, ObjectNode sent) {
    ObjectNode settings = before.deepCopy();
    for (String field : Publisher.SCRIPT_SETTINGS) {
      JsonNode value = sent.path(field);
      if (value.isNull()) {
        settings.remove(field);
      } else if (!value.isMissingNode()) {
        settings.set(field, value);
      }
    }
    return settings;
  }

  /** A multipart body with the part {@code settings}, or plain JSON. */
  private static ObjectNode settings(Call call) throws IOException {
    if (!call.isMultipart()) {
      return call.object();
    }
    for (Part part : call.parts(MAX_BYTES)) {
      if (part.name().equals("settings")) {
        return Upload.json(part);
      }
    }
    throw ApiException.badRequest(10024, "The body has no part named settings.");
  }
}
