package dev.gitblobs.cloudflare.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gitblobs.cloudflare.api.AccountModel.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two calls at once have the effect, and the answers, of one of them after the other: else one
 * overwrote what the other was told to be done.
 */
class ConcurrentChangesTest {
  private static final long SEED = Long.getLong("pairs.seed", 35);
  private static final String S = "/accounts/ACCOUNT/workers/scripts/s";
  private static final String METADATA =
      """
      {"main_module": "m.mjs", "compatibility_date": "2026-11-01", "keep_bindings": ["secret_text"],
       "bindings": [{"name": "P", "type": "plain_text", "text": "%s"}]%s}\
      """;

  private static List<Op> changes() {
    String kv = "/accounts/ACCOUNT/storage/kv/namespaces";
    String routes = "/zones/ZONE/workers/routes";
    String secret = "{\"name\": \"%s\", \"text\": \"%s\", \"type\": \"secret_text\"}";
    return List.of(
        Op.upload("PUT", S, METADATA.formatted("one", "")),
        Op.upload("PUT", S, METADATA.formatted("two", ", \"logpush\": true")),
        Op.upload(
            "PUT",
            S,
            METADATA.formatted(
                "three",
                ", \"migrations\": {\"new_tag\": \"v1\", \"new_sqlite_classes\": [\"Hub\"]}")),
        Op.upload("PUT", "/accounts/ACCOUNT/workers/scripts/fresh", METADATA.formatted("f", "")),
        Op.upload(
            "PUT",
            "/accounts/ACCOUNT/workers/scripts/user",
            METADATA
                .formatted("u", "")
                .replace("[{", "[{\"name\": \"S\", \"type\": \"service\", \"service\": \"s\"}, {")),
        Op.upload("POST", S + "/versions", METADATA.formatted("version", "")),
        Op.of("DELETE", S, ""),
        Op.of("PUT", S + "/schedules", "[{\"cron\": \"5 * * * *\"}]"),
        Op.of("PUT", S + "/schedules", "[{\"cron\": \"6 * * * *\"}, {\"cron\": \"0 0 * * *\"}]"),
        Op.of("POST", S + "/subdomain", "{\"enabled\": true}"),
        Op.of("POST", S + "/subdomain", "{\"enabled\": false, \"previews_enabled\": true}"),
        Op.of("DELETE", S + "/subdomain", ""),
        Op.of("PATCH", S + "/script-settings", "{\"logpush\": true}"),
        Op.of("PATCH", S + "/script-settings", "{\"tags\": [\"a\"]}"),
        Op.of("PATCH", S + "/settings", "{\"compatibility_date\": \"2026-11-02\"}"),
        Op.of("PATCH", S + "/settings", "{\"observability\": {\"enabled\": true}}"),
        Op.of("PUT", S + "/secrets", secret.formatted("A", "a")),
        Op.of("PUT", S + "/secrets", secret.formatted("B", "b")),
        Op.of("DELETE", S + "/secrets/OLD", ""),
        Op.of(
            "PATCH",
            S + "/secrets-bulk",
            "{\"secrets\": {\"OLD\": null, \"A\": " + secret.formatted("A", "bulk") + "}}"),
        Op.of(
            "PATCH",
            "/accounts/ACCOUNT/workers/workers/s/versions/latest",
            "{\"env\": {\"A\": {\"type\": \"plain_text\", \"text\": \"p\"}}}"),
        Op.of("POST", S + "/tails", "{}"),
        Op.of("POST", routes, "{\"pattern\": \"a.relay.test/*\", \"script\": \"s\"}"),
        Op.of("POST", routes, "{\"pattern\": \"a.relay.test/*\"}"),
        Op.of("PUT", S + "/routes", "[\"a.relay.test/*\", \"b.relay.test/*\"]"),
        Op.of(
            "PUT",
            "/accounts/ACCOUNT/workers/domains",
            "{\"hostname\": \"d.relay.test\", \"service\": \"s\"}"),
        Op.of(
            "PUT",
            "/accounts/ACCOUNT/workers/domains",
            "{\"hostname\": \"d.relay.test\", \"service\": \"other\"}"),
        Op.of(
            "PUT",
            S + "/domains/records",
            "{\"override_scope\": true, \"origins\": [{\"hostname\": \"e.relay.test\"}]}"),
        Op.of("PATCH", "/zones/ZONE/settings/ssl", "{\"value\": \"strict\"}"),
        Op.of("PATCH", "/zones/ZONE/settings/brotli", "{\"value\": \"off\"}"),
        Op.of(
            "PUT",
            "/zones/ZONE/rulesets/phases/http_ratelimit/entrypoint",
            "{\"rules\": [{\"ref\": \"r\"}]}"),
        Op.of("POST", "/zones/ZONE/rulesets", "{\"phase\": \"http_ratelimit\", \"name\": \"n\"}"),
        Op.of("POST", kv, "{\"title\": \"one\"}"),
        Op.of("POST", "/accounts/ACCOUNT/logpush/jobs", "{\"destination_conf\": \"r2://a\"}"),
        Op.of("PUT", "/accounts/ACCOUNT/logpush/jobs/1", "{\"destination_conf\": \"r2://b\"}"),
        Op.of(
            "PUT",
            "/accounts/ACCOUNT/logpush/jobs/1",
            "{\"destination_conf\": \"r2://c\", \"enabled\": true}"),
        Op.of("DELETE", "/accounts/ACCOUNT/logpush/jobs/1", ""),
        Op.of(
            "POST",
            "/accounts/ACCOUNT/tokens",
            "{\"name\": \"t\", \"policies\": [{\"permission_groups\": [{\"id\": \"D1 Read\"}]}]}"));
  }

  private static AccountModel origin() throws Exception {
    AccountModel origin = AccountModel.empty();
    String secret = "{\"name\": \"OLD\", \"text\": \"o\", \"type\": \"secret_text\"}";
    for (Op op :
        List.of(
            Op.upload("PUT", S, METADATA.formatted("zero", "")),
            Op.upload("PUT", S.replaceAll("s$", "other"), METADATA.formatted("other", "")),
            Op.of("PUT", S + "/secrets", secret),
            Op.of(
                "POST", "/accounts/ACCOUNT/logpush/jobs", "{\"destination_conf\": \"r2://o\"}"))) {
      assertEquals(200, origin.call(op), op.toString());
    }
    return origin;
  }

  private record Outcome(int first, int second, String state) {}

  @Test
  void noneOfAThousandPairsLosesAChange() throws Exception {
    assertEquals(List.of(), lost(1_000));
  }

  @Test
  @Tag("full")
  void noneOfTenThousandPairsLosesAChange() throws Exception {
    assertEquals(List.of(), lost(10_000));
  }

  private static List<String> lost(int pairs) throws Exception {
    AccountModel origin = origin();
    List<Op> changes = changes();
    Random random = new Random(SEED);
    List<String> lost = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < pairs; i++) {
        Op one = changes.get(random.nextInt(changes.size()));
        Op other = changes.get(random.nextInt(changes.size()));
        Outcome atOnce = atOnce(threads, origin, one, other);
        if (!atOnce.equals(inTurn(origin, one, other))
            && !atOnce.equals(swapped(origin, one, other))) {
          lost.add(
              one + "  beside  " + other + "  became " + atOnce.first() + " " + atOnce.second());
        }
      }
    } finally {
      threads.shutdownNow();
    }
    return lost;
  }

  private static Outcome inTurn(AccountModel origin, Op one, Op other) throws Exception {
    AccountModel model = origin.copy();
    int first = model.call(one);
    int second = model.call(other);
    return new Outcome(first, second, model.seen(origin));
  }

  private static Outcome swapped(AccountModel origin, Op one, Op other) throws Exception {
    Outcome outcome = inTurn(origin, other, one);
    return new Outcome(outcome.second(), outcome.first(), outcome.state());
  }

  private static Outcome atOnce(ExecutorService threads, AccountModel origin, Op one, Op other)
      throws Exception {
    AccountModel model = origin.copy();
    CyclicBarrier start = new CyclicBarrier(2);
    Future<Integer> first = threads.submit(() -> afterBarrier(start, model, one));
    Future<Integer> second = threads.submit(() -> afterBarrier(start, model, other));
    return new Outcome(first.get(), second.get(), model.seen(origin));
  }

  private static int afterBarrier(CyclicBarrier start, AccountModel model, Op op) throws Exception {
    start.await();
    return model.call(op);
  }
}
