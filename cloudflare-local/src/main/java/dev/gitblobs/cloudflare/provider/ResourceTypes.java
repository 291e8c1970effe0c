package dev.gitblobs.cloudflare.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The resource types that this provider knows: those of the relay's program, with the names, the
 * replacing inputs and the calls of the Cloudflare provider 6.17.0.
 */
final class ResourceTypes {
  private static final Map<String, ResourceType> BY_TOKEN = table();

  private ResourceTypes() {}

  /**
   * The type called {@code token}.
   *
   * @throws IllegalArgumentException naming the types that there are
   */
  static ResourceType of(String token) {
    var type = BY_TOKEN.get(token);
    if (type == null) {
      throw new IllegalArgumentException(
          "The bundled Cloudflare provider does not know "
              + token
              + "; use the genuine provider. It knows "
              + String.join(", ", BY_TOKEN.keySet()));
    }
    return type;
  }

  private static Map<String, ResourceType> table() {
    var table = new LinkedHashMap<String, ResourceType>();
    for (var type :
        List.of(
            d1Database(),
            new ScriptResource(),
            workersScriptSubdomain(),
            workersCronTrigger(),
            workersRoute(),
            workersCustomDomain(),
            zoneSetting(),
            ruleset(),
            logpushJob(),
            notificationPolicy())) {
      table.put(type.token(), type);
    }
    return table;
  }

  private static ResourceType d1Database() {
    return new ResourceRow("d1Database:D1Database")
        .shape(
            "accountId name jurisdiction primaryLocationHint readReplication(mode) "
                + "uuid createdAt fileSize numTables version")
        .required("accountId", "name")
        .replacing("accountId", "name", "jurisdiction", "primaryLocationHint")
        .addressing("accountId")
        .chosen("jurisdiction", "primaryLocationHint")
        .computed("uuid", "createdAt", "version")
        .changing("fileSize", "numTables")
        .collection("POST", "/accounts/{accountId}/d1/database")
        .item("/accounts/{accountId}/d1/database/{id}", "PUT")
        .unique("name")
        .id("uuid", "accountId/id");
  }

  private static ResourceType workersScriptSubdomain() {
    var path = "/accounts/{accountId}/workers/scripts/{scriptName}/subdomain";
    return new ResourceRow("workersScriptSubdomain:WorkersScriptSubdomain")
        .shape("accountId scriptName enabled previewsEnabled")
        .required("accountId", "scriptName", "enabled")
        .replacing("accountId", "scriptName")
        .addressing("accountId", "scriptName")
        .chosen("previewsEnabled")
        .collection("POST", path)
        .item(path, "POST")
        .id("scriptName", "accountId/scriptName");
  }

  private static ResourceType workersCronTrigger() {
    var path = "/accounts/{accountId}/workers/scripts/{scriptName}/schedules";
    return new ResourceRow("workersCronTrigger:WorkersCronTrigger")
        .shape("accountId scriptName schedules(cron)")
        .required("accountId", "scriptName", "schedules")
        .replacing("accountId", "scriptName")
        .addressing("accountId", "scriptName")
        .collection("PUT", path)
        .item(path, "PUT")
        .bareInput("schedules")
        .forgotten()
        .id("scriptName", "accountId/scriptName");
  }

  private static ResourceType workersRoute() {
    return new ResourceRow("workersRoute:WorkersRoute")
        .shape("zoneId pattern script")
        .required("zoneId", "pattern")
        .replacing("zoneId")
        .addressing("zoneId")
        .collection("POST", "/zones/{zoneId}/workers/routes")
        .item("/zones/{zoneId}/workers/routes/{id}", "PUT")
        .unique("pattern")
        .id("id", "zoneId/id");
  }

  private static ResourceType workersCustomDomain() {
    return new ResourceRow("workersCustomDomain:WorkersCustomDomain")
        .shape("accountId hostname service zoneId zoneName environment certId")
        .required("accountId", "hostname", "service")
        .replacing("accountId", "hostname", "service", "zoneId", "zoneName", "environment")
        .addressing("accountId")
        .chosen("zoneId", "zoneName", "environment")
        .computed("certId")
        .collection("PUT", "/accounts/{accountId}/workers/domains")
        .item("/accounts/{accountId}/workers/domains/{id}", "")
        .deletedFirst()
        .id("id", "accountId/id");
  }

  private static ResourceType zoneSetting() {
    var path = "/zones/{zoneId}/settings/{settingId}";
    return new ResourceRow("zoneSetting:ZoneSetting")
        .shape("zoneId settingId value enabled editable modifiedOn timeRemaining")
        .required("zoneId", "settingId", "value")
        .replacing("zoneId", "settingId")
        .addressing("zoneId", "settingId")
        .chosen("enabled")
        .computed("editable")
        .changing("modifiedOn", "timeRemaining")
        .collection("PATCH", path)
        .item(path, "PATCH")
        .forgotten()
        .id("settingId", "zoneId/settingId");
  }

  private static ResourceType ruleset() {
    return new ResourceRow("ruleset:Ruleset")
        .shape(
            "accountId zoneId kind name phase description lastUpdated version "
                + "rules(ref description expression action enabled ratelimit(characteristics period"
                + " requestsPerPeriod mitigationTimeout countingExpression requestsToOrigin))")
        .required("kind", "name", "phase")
        .replacing("accountId", "zoneId", "kind", "phase")
        .addressing("accountId", "zoneId")
        .chosen("description")
        .changing("lastUpdated", "version")
        .collection("POST", "/{scope}/rulesets")
        .item("/{scope}/rulesets/{id}", "PUT")
        .unique("phase")
        .id("id", "scope/id");
  }

  private static ResourceType logpushJob() {
    return new ResourceRow("logpushJob:LogpushJob")
        .shape(
            "accountId zoneId dataset kind name destinationConf! ownershipChallenge! enabled filter"
                + " frequency maxUploadBytes maxUploadIntervalSeconds maxUploadRecords"
                + " outputOptions(fieldNames outputType sampleRate timestampFormat)"
                + " errorMessage lastComplete lastError")
        .required("destinationConf")
        .replacing("accountId", "zoneId", "dataset", "kind")
        .addressing("accountId", "zoneId")
        .writeOnly("ownershipChallenge")
        .chosen(
            "kind", "frequency", "maxUploadBytes", "maxUploadIntervalSeconds", "maxUploadRecords")
        .changing("errorMessage", "lastComplete", "lastError")
        .collection("POST", "/{scope}/logpush/jobs")
        .item("/{scope}/logpush/jobs/{id}", "PUT")
        .lookedForBy("name")
        .id("id", "scope/id");
  }

  private static ResourceType notificationPolicy() {
    return new ResourceRow("notificationPolicy:NotificationPolicy")
        .shape(
            "accountId name alertType alertInterval enabled description"
                + " filters(incidentImpacts:incident_impact)"
                + " mechanisms(emails:email(id) webhooks(id) pagerduties:pagerduty(id))"
                + " created modified")
        .required("accountId", "name", "alertType", "mechanisms")
        .replacing("accountId")
        .addressing("accountId")
        .chosen("alertInterval", "description", "filters")
        .computed("created")
        .changing("modified")
        .collection("POST", "/accounts/{accountId}/alerting/v3/policies")
        .item("/accounts/{accountId}/alerting/v3/policies/{id}", "PUT")
        .lookedForBy("name")
        .id("id", "accountId/id");
  }
}
