package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Json;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Request;
import dev.gitblobs.cloudflare.http.Router;
import dev.gitblobs.cloudflare.runtime.ScriptRunner;
import dev.gitblobs.cloudflare.runtime.Startup;
import dev.gitblobs.cloudflare.runtime.WorkerPlan;
import dev.gitblobs.cloudflare.testing.InMemoryStateFiles;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** The real calls on an account in memory; only what would run the scripts is played. */
final class AccountModel {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-30T00:00:00Z"), ZoneOffset.UTC);
  private static final Pattern RANDOM =
      Pattern.compile("[0-9a-f]{32}|[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final String BOUNDARY = "model";

  private final InMemoryStateFiles files;
  private final Account account;
  private final Router router = new Router();

  private AccountModel(InMemoryStateFiles files) throws Exception {
    this.files = files;
    this.account = Account.open(files, CLOCK, Optional.empty());
    CloudflareApi.registerAccount(router, account, new Runner(), new Quotas());
  }

  static AccountModel empty() throws Exception {
    return new AccountModel(new InMemoryStateFiles());
  }

  /** Another account in the same state, from now on apart. */
  AccountModel copy() throws Exception {
    return new AccountModel(files.copy());
  }

  /** One call, with the account's and the zone's id filled in. */
  record Op(String method, String path, String body, boolean isUpload) {
    static Op of(String method, String path, String body) {
      return new Op(method, path, body, false);
    }

    /** An upload of the metadata with one module. */
    static Op upload(String method, String path, String metadata) {
      String part = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"";
      String body =
          part
              + "metadata\"\r\nContent-Type: application/json\r\n\r\n"
              + metadata
              + "\r\n"
              + part
              + "m.mjs\"; filename=\"m.mjs\"\r\nContent-Type: application/javascript+module\r\n\r\n"
              + "export default {}\r\n--"
              + BOUNDARY
              + "--\r\n";
      return new Op(method, path, body, true);
    }

    @Override
    public String toString() {
      return method + " " + path + " " + body.replaceAll("\\s+", " ");
    }
  }

  /** The status that the call is answered with. */
  int call(Op op) {
    String[] pathAndQuery =
        op.path()
            .replace("ACCOUNT", account.identity().accountId())
            .replace("ZONE", account.identity().zoneId())
            .split("\\?", 2);
    Sent request = new Sent(pathAndQuery.length == 2 ? pathAndQuery[1] : "", op);
    try {
      return router.answer(op.method(), pathAndQuery[0], request).status();
    } catch (ApiException e) {
      return e.status();
    } catch (Exception e) {
      throw new AssertionError(op.toString(), e);
    }
  }

  /** The whole state as one text, in which what is random is named by what it stands for. */
  String seen(AccountModel origin) {
    Map<String, String> names = new HashMap<>();
    account
        .state()
        .scripts()
        .values()
        .forEach(
            script ->
                script
                    .versions()
                    .forEach(version -> names.put(version.id(), "v" + version.number())));
    JsonNode known = Json.MAPPER.valueToTree(origin.account.state());
    String old = known.toString();
    StringBuilder text = new StringBuilder();
    tell(Json.MAPPER.valueToTree(account.state()), names, old, text);
    return text.toString();
  }

  private static void tell(
      JsonNode node, Map<String, String> names, String old, StringBuilder text) {
    if (node.isObject()) {
      List<String> members = new ArrayList<>();
      node.properties()
          .forEach(
              entry -> {
                StringBuilder member = new StringBuilder(named(entry.getKey(), names, old));
                member.append(':');
                boolean isPort = entry.getKey().equals("port");
                tell(isPort ? Json.MAPPER.nullNode() : entry.getValue(), names, old, member);
                members.add(member.toString());
              });
      members.sort(null);
      text.append(members);
    } else if (node.isArray()) {
      node.forEach(item -> tell(item, names, old, text.append(',')));
    } else {
      text.append(named(node.asText(), names, old));
    }
  }

  private static String named(String value, Map<String, String> names, String old) {
    String name = names.get(value);
    if (name != null) {
      return name;
    }
    return RANDOM.matcher(value).matches() && !old.contains(value) ? "new" : value;
  }

  private record Sent(String query, Op op) implements Request {
    @Override
    public Optional<String> rawQuery() {
      return Optional.of(query).filter(text -> !text.isEmpty());
    }

    @Override
    public Optional<String> header(String name) {
      return switch (name) {
        case "Content-Type" ->
            Optional.of(
                op.isUpload() ? "multipart/form-data; boundary=" + BOUNDARY : "application/json");
        case "Content-Length" -> Optional.of(Integer.toString(bytes().length));
        default -> Optional.empty();
      };
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(bytes());
    }

    private byte[] bytes() {
      return op.body().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int localPort() {
      return 0;
    }
  }

  /** Everything starts, after others had a chance to come between. */
  private static final class Runner implements ScriptRunner {
    @Override
    public void apply() {
      LockSupport.parkNanos(1);
    }

    @Override
    public Startup probe(WorkerPlan plan) {
      LockSupport.parkNanos(1);
      return new Startup(List.of("fetch"), List.of("Hub"), 1);
    }

    @Override
    public String openTail(String id, String script, ArrayNode filters, long expiresAtMillis) {
      LockSupport.parkNanos(1);
      return "ws://tails/" + id;
    }

    @Override
    public void closeTail(String id) {
      LockSupport.parkNanos(1);
    }
  }
}
