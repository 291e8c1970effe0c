package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import dev.gitblobs.e2e.PulumiProject.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of the Cloudflare provider suffer from does not happen to this program's stacks. */
@Tag("full")
final class ProviderPainsIT {
  @TempDir private static Path folder;
  private static LocalCloudflare cloudflare;
  private static PulumiProject project;

  @BeforeAll
  static void start() {
    cloudflare = LocalCloudflare.start(folder.resolve("cloudflare"));
    project = new PulumiProject(Launcher.checkout(), folder.resolve("project"), cloudflare);
    project.bundle(
        "import { DurableObject } from \"cloudflare:workers\";"
            + " export class StoreHub extends DurableObject {}"
            + " export default { fetch: () => new Response(\"up\"), scheduled() {} };");
  }

  @AfterAll
  static void stop() {
    cloudflare.close();
  }

  @Test
  void callsNothingButTheLookUpForAnUnchangedStack() {
    var stack = project.stack("dev", Map.of());
    stack.upAndSettled();

    forgetCalls();
    stack.succeeds("up", "--yes", "--skip-preview", "--expect-no-changes");

    assertThat(calls()).containsExactly("GET /accounts/workers/scripts");
  }

  @Test
  void protectsAndRetainsTheDataOfAnEnvironmentThatIsNotDisposable() {
    var stack = project.stack("dev", Map.of());
    stack.succeeds("up", "--yes", "--skip-preview");

    var database = resource(stack, "d1Database:D1Database");
    assertThat(database.path("protect").asBoolean()).isTrue();
    assertThat(database.path("retainOnDelete").asBoolean()).isTrue();
    assertThat(resource(stack, "workersScript:WorkersScript").path("protect").asBoolean()).isTrue();
  }

  @Test
  void deletesExactlyWhatTheGenuineProviderDeletes() {
    var stack = project.stack("pr", edge("deleted", "true"));
    stack.succeeds("up", "--yes", "--skip-preview");

    forgetCalls();
    stack.succeeds("destroy", "--yes", "--skip-preview");

    // Schedules and zone settings are merely forgotten, as by the genuine provider.
    assertThat(calls().stream().filter(call -> call.startsWith("DELETE")))
        .containsExactlyInAnyOrder(
            "DELETE /accounts/d1/database/ID",
            "DELETE /accounts/workers/scripts/" + stack.script(),
            "DELETE /accounts/workers/scripts/" + stack.script() + "/subdomain",
            "DELETE /zones/rulesets/ID",
            "DELETE /zones/workers/routes/ID");
  }

  @Test
  void changesHstsInPlace() {
    var stack = project.stack("dev", edge("hsts", "true"));
    stack.upAndSettled();
    stack.set("gitblobs-relay:hstsMaxAgeSeconds", "600");

    assertThat(stack.plan()).isEqualTo(Map.of("hsts", "update"));
    stack.succeeds("up", "--yes", "--skip-preview");

    assertThat(
            cloudflare
                .get(cloudflare.zone("/settings/security_header"))
                .result()
                .at("/value/strict_transport_security/max_age")
                .asInt())
        .isEqualTo(600);
    stack.succeeds("refresh", "--yes", "--expect-no-changes");
    assertThat(stack.plan()).isEmpty();
    freeTheZone();
  }

  @Test
  void refusesToDeleteAWorkerThatAnotherOneRefersTo() {
    var stack = project.stack("pr", Map.of());
    stack.succeeds("up", "--yes", "--skip-preview");
    var upload = ScriptUpload.of("export default { fetch: () => new Response(\"x\") };");
    upload.binding("RELAY", "service").put("service", stack.script());
    var user = cloudflare.account("/workers/scripts/user-of-" + stack.script());
    cloudflare.send("PUT", user, upload).expect(200);

    var refused = stack.run("destroy", "--yes", "--skip-preview");
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.out()).contains("[code 10064]", "user-of-" + stack.script());

    cloudflare.delete(user).expect(200);
    stack.succeeds("destroy", "--yes", "--skip-preview");
  }

  @Test
  void keepsEverySecretOutOfTheStateAlsoWithARouteAndLogpush() {
    var stack = project.stack("dev", edge("secrets", "false"));
    stack.secret("gitblobs-relay:logpushDestination", "r2://logs?secret-access-key=hush-hush");
    stack.secret("gitblobs-relay:jwtSecretPrevious", "previous-" + "p".repeat(43));
    stack.upAndSettled();

    var state = stack.succeeds("stack", "export").out();
    assertThat(state).contains("JWT_SECRET_PREVIOUS", "LogpushJob", "ciphertext");
    assertThat(stack.secretValues()).hasSize(6).noneMatch(state::contains);
    assertThat(stack.plan()).isEmpty();
    stack.succeeds("refresh", "--yes", "--expect-no-changes");
    assertThat(cloudflare.get(cloudflare.account("/logpush/jobs")).result().toString())
        .contains("hush-hush", stack.script());
    assertThat(cloudflare.get(cloudflare.zone("/workers/routes")).result().toString())
        .contains("secrets.relay.test/*");
  }

  @Test
  void importsEveryTypeThatTheDocumentationNames() throws IOException {
    var name = "by-hand";
    var script = cloudflare.account("/workers/scripts/" + name);
    cloudflare
        .send("PUT", script, ScriptUpload.of("export default { scheduled() {} };"))
        .expect(200);
    send("POST", script + "/subdomain", "{'enabled':true,'previews_enabled':false}");
    send("PUT", script + "/schedules", "[{'cron':'17 * * * *'}]");
    send("PATCH", cloudflare.zone("/settings/tls_1_3"), "{'value':'on'}");
    var route =
        send(
            "POST",
            cloudflare.zone("/workers/routes"),
            "{'pattern':'by-hand.relay.test/*','script':'by-hand'}");
    var domain =
        send(
            "PUT",
            cloudflare.account("/workers/domains"),
            "{'hostname':'by-hand.relay.test','service':'by-hand','zone_id':'"
                + cloudflare.zoneId()
                + "'}");
    var job =
        send(
            "POST",
            cloudflare.account("/logpush/jobs"),
            "{'name':'by-hand','destination_conf':'r2://x','dataset':'workers_trace_events'}");
    var policy =
        send(
            "POST",
            cloudflare.account("/alerting/v3/policies"),
            "{'name':'by-hand','alert_type':'incident_alert','enabled':true,"
                + "'mechanisms':{'email':[{'id':'a@b.example'}]}}");
    var account = cloudflare.accountId() + "/";
    var ids = new TreeMap<String, String>();
    ids.put("workersScriptSubdomain:WorkersScriptSubdomain", account + name);
    ids.put("workersCronTrigger:WorkersCronTrigger", account + name);
    ids.put("zoneSetting:ZoneSetting", cloudflare.zoneId() + "/tls_1_3");
    ids.put("workersRoute:WorkersRoute", cloudflare.zoneId() + "/" + id(route));
    ids.put("workersCustomDomain:WorkersCustomDomain", account + id(domain));
    ids.put("logpushJob:LogpushJob", "accounts/" + account + id(job));
    ids.put("notificationPolicy:NotificationPolicy", account + id(policy));

    var stack = project.stack("pr", Map.of());
    stack.succeeds(
        "import",
        "--file",
        importFile(ids).toString(),
        "--yes",
        "--skip-preview",
        "--generate-code=false",
        "--protect=false");

    for (var type : ids.keySet()) {
      assertThat(resource(stack, type).path("id").asText()).as(type).isNotEmpty();
    }
    assertThat(resource(stack, "workersCronTrigger:WorkersCronTrigger").toString())
        .contains("17 * * * *");
    assertThat(resource(stack, "notificationPolicy:NotificationPolicy").toString())
        .contains("a@b.example");
    stack.succeeds("refresh", "--yes", "--expect-no-changes");
  }

  private static Path importFile(Map<String, String> ids) throws IOException {
    var resources = new ArrayList<Map<String, String>>();
    ids.forEach(
        (type, id) ->
            resources.add(
                Map.of(
                    "type",
                    "cloudflare:index/" + type,
                    "name",
                    type.substring(0, type.indexOf(':')),
                    "id",
                    id)));
    return Files.writeString(
        folder.resolve("import.json"),
        Launcher.JSON.writeValueAsString(Map.of("resources", resources)));
  }

  private static JsonNode send(String method, String path, String json) {
    return cloudflare.send(method, path, json.replace('\'', '"')).result();
  }

  private static String id(JsonNode made) {
    return made.path("id").asText();
  }

  private static Map<String, String> edge(String label, String ownsZone) {
    return Map.of(
        "gitblobs-relay:zoneId",
        cloudflare.zoneId(),
        "gitblobs-relay:hostname",
        label + ".relay.test",
        "gitblobs-relay:ownsZone",
        ownsZone,
        "gitblobs-relay:customDomain",
        "false");
  }

  /** A zone has one ruleset of the phase, and the next test wants it. */
  private static void freeTheZone() {
    for (var ruleset : cloudflare.get(cloudflare.zone("/rulesets")).result()) {
      cloudflare.delete(cloudflare.zone("/rulesets/" + id(ruleset))).expect(200);
    }
  }

  private static void forgetCalls() {
    cloudflare.delete("/local/calls").expect(200);
  }

  /** What was called since, without the ids of account, zone and things. */
  private static List<String> calls() {
    return cloudflare
        .get("/local/calls")
        .result()
        .valueStream()
        .map(call -> call.path("method").asText() + " " + call.path("path").asText())
        .map(call -> call.replaceFirst("/(accounts|zones)/[0-9a-f]{32}", "/$1"))
        .map(call -> call.replaceFirst("/([0-9a-f]{32}|[0-9a-f-]{36})$", "/ID"))
        .toList();
  }

  private static JsonNode resource(Stack stack, String type) {
    var found = new ArrayList<JsonNode>();
    stack.json("stack", "export").at("/deployment/resources").forEach(found::add);
    return found.stream()
        .filter(it -> it.path("type").asText().equals("cloudflare:index/" + type))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type + " in the state"));
  }
}
