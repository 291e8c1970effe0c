package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import dev.gitblobs.cloudflare.runtime.ScriptRunner;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tails: a script's logs, streamed over a WebSocket whose URL is a key by itself. */
final class TailsApi {
  private static final String ALL = ScriptsApi.ONE + "/tails";
  private static final Duration LIFE = Duration.ofHours(6);

  /** An open tail. */
  private record Tail(String id, String script, String url, Instant expiresAt) {}

  private final Account account;
  private final ScriptRunner runner;
  private final Scripts scripts;
  private final Map<String, Tail> tails = new ConcurrentHashMap<>();

  TailsApi(Account account, ScriptRunner runner, Scripts scripts) {
    this.account = account;
    this.runner = runner;
    this.scripts = scripts;
  }

  void register(Router router) {
    router.get(ALL, this::list).post(ALL, this::create).delete(ALL + "/{tail}", this::delete);
  }

  private Reply list(Call call) {
    Script script = ScriptsApi.find(account, call);
    ArrayNode views = Results.array();
    tails.values().stream()
        .filter(tail -> tail.script().equals(script.name()))
        .filter(tail -> tail.expiresAt().isAfter(account.now()))
        .forEach(tail -> views.add(view(tail)));
    return Results.page(call, views);
  }

  private Reply create(Call call) throws IOException {
    String script = ScriptsApi.find(account, call).name();
    ObjectNode filters = call.isEmpty() ? Results.object() : call.object();
    return Reply.ok(view(scripts.alone(script, () -> open(script, filters.withArray("filters")))));
  }

  private Tail open(String script, ArrayNode filters) {
    Scripts.require(account.state(), script);
    Instant expiresAt = account.now().plus(LIFE);
    String id = Identity.freshToken();
    String url = runner.openTail(id, script, filters, expiresAt.toEpochMilli());
    Tail tail = new Tail(id, script, url, expiresAt);
    tails.put(id, tail);
    return tail;
  }

  private Reply delete(Call call) {
    Tail tail = tails.get(call.path("tail"));
    if (tail == null
        || !tail.script().equals(call.path("script"))
        || !tails.remove(tail.id(), tail)) {
      throw ApiException.notFound(10056, "There is no such tail.");
    }
    runner.closeTail(tail.id());
    return Reply.none();
  }

  /** The tails of a script that is gone end with it. */
  void closeAll(String script) {
    for (Tail tail : List.copyOf(tails.values())) {
      if (tail.script().equals(script) && tails.remove(tail.id(), tail)) {
        runner.closeTail(tail.id());
      }
    }
  }

  private static ObjectNode view(Tail tail) {
    return Results.object()
        .put("id", tail.id())
        .put("url", tail.url())
        .put("expires_at", tail.expiresAt().toString());
  }
}
