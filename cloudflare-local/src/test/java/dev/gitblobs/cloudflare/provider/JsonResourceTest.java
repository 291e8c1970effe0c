package dev.gitblobs.cloudflare.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import pulumirpc.Provider.DiffResponse.DiffChanges;
import pulumirpc.Provider.PropertyDiff;

final class JsonResourceTest extends ProviderTestCase {
  private static final String D1 = "d1Database:D1Database";
  private static final String D1_INPUTS =
      "{'accountId':'" + ACCOUNT + "','name':'relay','readReplication':{'mode':'disabled'}}";
  private static final String CRON = "workersCronTrigger:WorkersCronTrigger";
  private static final String SETTING = "zoneSetting:ZoneSetting";
  private static final String RULESET =
      "{'zoneId':'" + ACCOUNT + "','kind':'zone','name':'n','phase':'http_ratelimit','rules':[]}";
  private static final String JOB =
      "{'accountId':'" + ACCOUNT + "','destinationConf':'r2://key','name':'n'}";

  @Test
  void createsADatabaseAsTheGenuineProviderDoes() {
    cloudflare.result(
        "POST " + A + "/d1/database", "{\"uuid\":\"u-1\",\"version\":\"production\"}");

    var made = engine.create(D1, D1_INPUTS);

    assertThat(cloudflare.only("POST " + A + "/d1/database").body())
        .isEqualTo("{\"name\":\"relay\",\"read_replication\":{\"mode\":\"disabled\"}}");
    assertThat(made.getId()).isEqualTo("u-1");
    assertThat(json(made.getProperties())).contains("\"uuid\":\"u-1\"", "\"name\":\"relay\"");
  }

  @Test
  void takesOverTheDatabaseThatACutOffUpdateMadeWithoutHearingOfIt() {
    conflictOverADatabaseMade(Instant.now().minusSeconds(60));
    cloudflare.result("PUT " + A + "/d1/database/u-7", "{\"uuid\":\"u-7\"}");

    assertThat(engine.create(D1, D1_INPUTS).getId()).isEqualTo("u-7");
  }

  @Test
  void leavesADatabaseAloneThatWasThereLongBefore() {
    conflictOverADatabaseMade(Instant.now().minus(Duration.ofDays(1)));

    assertThatThrownBy(() -> engine.create(D1, D1_INPUTS)).hasMessageContaining("already exists");
  }

  private void conflictOverADatabaseMade(Instant created) {
    cloudflare.fails("POST " + A + "/d1/database", 400, 7502, "a database already exists");
    cloudflare.result(
        "GET " + A + "/d1/database",
        "[{\"uuid\":\"u-7\",\"name\":\"relay\",\"created_at\":\"" + created + "\"}]");
  }

  @Test
  void takesOverTheRulesetThatACutOffUpdateMade() {
    cloudflare
        .fails("POST " + Z + "/rulesets", 400, 20217, "A similar configuration already exists")
        .result(
            "GET " + Z + "/rulesets",
            "[{\"id\":\"r0\",\"kind\":\"zone\",\"name\":\"n\",\"phase\":\"other\"},"
                + "{\"id\":\"r1\",\"kind\":\"zone\",\"name\":\"n\",\"phase\":\"http_ratelimit\"}]")
        .result("PUT " + Z + "/rulesets/r1", "{\"id\":\"r1\"}");

    assertThat(engine.create("ruleset:Ruleset", RULESET).getId()).isEqualTo("r1");
    assertThat(cloudflare.only("PUT " + Z + "/rulesets/r1").body()).contains("\"rules\"");
  }

  @Test
  void leavesTheRulesetOfSomebodyElseAlone() {
    cloudflare
        .fails("POST " + Z + "/rulesets", 400, 20217, "A similar configuration already exists")
        .result(
            "GET " + Z + "/rulesets",
            "[{\"id\":\"r1\",\"kind\":\"zone\",\"name\":\"by"
                + " hand\",\"phase\":\"http_ratelimit\"}]");

    assertThatThrownBy(() -> engine.create("ruleset:Ruleset", RULESET))
        .hasMessageContaining("20217");
  }

  @Test
  void makesNoSecondJobBesideTheOneThatACutOffUpdateMade() {
    cloudflare
        .result(
            "GET " + A + "/logpush/jobs",
            "[{\"id\":6,\"name\":\"n\",\"destination_conf\":\"r2://other\"},"
                + "{\"id\":7,\"name\":\"n\",\"destination_conf\":\"r2://key\"}]")
        .result("PUT " + A + "/logpush/jobs/7", "{\"id\":7}");

    assertThat(engine.create("logpushJob:LogpushJob", JOB).getId()).isEqualTo("7");
    assertThat(cloudflare.calls()).noneMatch(call -> call.method().equals("POST"));
  }

  @Test
  void foreseesInAPreviewWhatItDoesNotKnowYetAndCallsNothing() {
    var foreseen = engine.create(D1, ProviderClient.struct(D1_INPUTS), true);

    assertThat(Wire.isUnknown(Wire.toJson(foreseen.getProperties()).get("uuid"))).isTrue();
    assertThat(cloudflare.calls()).isEmpty();
  }

  @Test
  void seesNoChangeInTheSameInputs() {
    assertThat(engine.diff(D1, D1_INPUTS, D1_INPUTS).getChanges()).isEqualTo(DiffChanges.DIFF_NONE);
  }

  @Test
  void replacesADatabaseThatGetsAnotherName() {
    var diff = engine.diff(D1, D1_INPUTS, D1_INPUTS.replace("relay", "other"));

    assertThat(diff.getReplacesList()).containsExactly("name");
    assertThat(diff.getDetailedDiffOrThrow("name").getKind())
        .isEqualTo(PropertyDiff.Kind.UPDATE_REPLACE);
  }

  @Test
  void changesReadReplicationInPlaceAndSendsNothingElse() {
    var news = D1_INPUTS.replace("disabled", "auto");
    cloudflare.result("PUT " + A + "/d1/database/u-1", "{\"uuid\":\"u-1\"}");

    assertThat(engine.diff(D1, D1_INPUTS, news).getReplacesList()).isEmpty();
    engine.update(D1, "u-1", D1_INPUTS, news);

    assertThat(cloudflare.only("PUT " + A + "/d1/database/u-1").body())
        .isEqualTo("{\"read_replication\":{\"mode\":\"auto\"}}");
  }

  @Test
  void treatsAnUnknownInputAsAChange() {
    var news = D1_INPUTS.replace("relay", Wire.unknown().textValue());

    assertThat(engine.diff(D1, D1_INPUTS, news).getReplacesList()).containsExactly("name");
  }

  @Test
  void readsNoDriftWhereTheAnswerHoldsWhatWasSet() {
    cloudflare.result(
        "GET " + A + "/d1/database/u-1",
        "{\"uuid\":\"u-1\",\"name\":\"relay\",\"read_replication\":{\"mode\":\"disabled\"},"
            + "\"num_tables\":3,\"something_new\":1}");

    var read = engine.read(D1, "u-1", D1_INPUTS);

    assertThat(Wire.toJson(read.getInputs()))
        .isEqualTo(Wire.toJson(ProviderClient.struct(D1_INPUTS)));
    assertThat(json(read.getProperties())).contains("\"numTables\":3");
  }

  @Test
  void readsANullReadReplicationAsDrift() {
    cloudflare.result(
        "GET " + A + "/d1/database/u-1",
        "{\"uuid\":\"u-1\",\"name\":\"relay\",\"read_replication\":null}");

    var read = engine.read(D1, "u-1", D1_INPUTS);

    assertThat(json(read.getInputs())).doesNotContain("readReplication");
  }

  @Test
  void tellsTheEngineThatAResourceIsGone() {
    cloudflare.fails("GET " + A + "/d1/database/u-1", 404, 7404, "not found");

    assertThat(engine.read(D1, "u-1", D1_INPUTS).getId()).isEmpty();
  }

  @Test
  void importsByAccountAndId() {
    cloudflare.result(
        "GET " + A + "/d1/database/u-1",
        "{\"uuid\":\"u-1\",\"name\":\"relay\",\"read_replication\":{\"mode\":\"disabled\"}}");

    var read = engine.read(D1, ACCOUNT + "/u-1", "{}");

    assertThat(read.getId()).isEqualTo("u-1");
    assertThat(Wire.toJson(read.getInputs()))
        .isEqualTo(Wire.toJson(ProviderClient.struct(D1_INPUTS)));
  }

  @Test
  void tellsTheFormOfAnImportIdThatIsWrong() {
    assertFails(() -> engine.read(D1, "u-1", "{}")).withMessageContaining("accountId/id");
    assertFails(() -> engine.read("ruleset:Ruleset", "x/y", "{}"))
        .withMessageContaining("accounts|zones/ID/id");
  }

  @Test
  void importsARulesetOfAZone() {
    cloudflare.result(
        "GET " + Z + "/rulesets/r1",
        "{\"id\":\"r1\",\"kind\":\"zone\",\"name\":\"n\",\"description\":\"d\",\"phase\":\"http_ratelimit\",\"rules\":"
            + "[{\"id\":\"x\",\"version\":\"1\",\"ref\":\"a\",\"expression\":\"true\",\"action\":\"block\"}]}");

    var read = engine.read("ruleset:Ruleset", "zones/" + ACCOUNT + "/r1", "{}");

    assertThat(read.getId()).isEqualTo("r1");
    assertThat(json(read.getInputs()))
        .contains("\"zoneId\":\"" + ACCOUNT + "\"", "\"ref\":\"a\"", "\"description\":\"d\"")
        .doesNotContain("version");
  }

  @Test
  void sendsSchedulesAsABareList() {
    var inputs =
        "{'accountId':'" + ACCOUNT + "','scriptName':'s','schedules':[{'cron':'17 * * * *'}]}";
    var path = A + "/workers/scripts/s/schedules";
    cloudflare
        .result("PUT " + path, "{\"schedules\":[{\"cron\":\"17 * * * *\",\"created_on\":\"x\"}]}")
        .result("GET " + path, "{\"schedules\":[{\"cron\":\"17 * * * *\",\"created_on\":\"x\"}]}");

    assertThat(engine.create(CRON, inputs).getId()).isEqualTo("s");
    assertThat(cloudflare.only("PUT " + path).body()).isEqualTo("[{\"cron\":\"17 * * * *\"}]");
    assertThat(Wire.toJson(engine.read(CRON, "s", inputs).getInputs()))
        .isEqualTo(Wire.toJson(ProviderClient.struct(inputs)));
  }

  @Test
  void merelyForgetsSchedulesAndZoneSettings() {
    engine.delete(CRON, "s", "{'accountId':'" + ACCOUNT + "','scriptName':'s'}");
    engine.delete(SETTING, "tls", "{'zoneId':'" + ACCOUNT + "','settingId':'tls'}");

    assertThat(cloudflare.calls()).isEmpty();
  }

  @Test
  void passesTheValueOfAZoneSettingOnAsItIs() {
    var path = Z + "/settings/security_header";
    cloudflare.result("PATCH " + path, "{\"id\":\"security_header\",\"editable\":true}");

    engine.create(
        SETTING,
        "{'zoneId':'"
            + ACCOUNT
            + "','settingId':'security_header',"
            + "'value':{'strict_transport_security':{'max_age':60}}}");

    assertThat(cloudflare.only("PATCH " + path).body())
        .isEqualTo("{\"value\":{\"strict_transport_security\":{\"max_age\":60}}}");
  }

  @Test
  void deletesWhatIsGoneAlready() {
    cloudflare.fails("DELETE " + A + "/d1/database/u-1", 404, 7404, "not found");

    engine.delete(D1, "u-1", D1_INPUTS);

    assertThat(cloudflare.calls()).hasSize(1);
  }

  @Test
  void removesADomainBeforeItsReplacementBecauseBothHaveTheSameName() {
    var olds = "{'accountId':'a','hostname':'h','service':'one'}";

    var diff =
        engine.diff("workersCustomDomain:WorkersCustomDomain", olds, olds.replace("one", "two"));

    assertThat(diff.getDeleteBeforeReplace()).isTrue();
  }

  @Test
  void refusesAMissingAndAnUnknownInputByName() {
    assertThat(engine.check(D1, "{'name':'relay','nmae':'x'}").getFailuresList())
        .extracting(failure -> failure.getReason())
        .containsExactly("accountId: is required", "nmae: is not an input of this resource");
  }

  @Test
  void keepsASecretInputSecretInTheState() {
    cloudflare
        .result("GET " + A + "/logpush/jobs", "[]")
        .result("POST " + A + "/logpush/jobs", "{\"id\":7}");

    var made = engine.create("logpushJob:LogpushJob", JOB);

    assertThat(made.getId()).isEqualTo("7");
    assertThat(made.getProperties().getFieldsOrThrow("destinationConf").hasStructValue()).isTrue();
    assertThat(made.getProperties().getFieldsOrThrow("name").hasStringValue()).isTrue();
  }

  @Test
  void findsTheMigrationTagsOfLiveScripts() {
    cloudflare.result(
        "GET " + A + "/workers/scripts",
        "[{\"id\":\"s\",\"migration_tag\":\"v1\"},{\"id\":\"t\"}]");

    var found =
        engine.invoke("getWorkersScripts:getWorkersScripts", "{'accountId':'" + ACCOUNT + "'}");

    assertThat(json(found.getReturn()))
        .contains("{\"id\":\"s\",\"migrationTag\":\"v1\"}", "{\"id\":\"t\"}");
  }
}
