package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Database;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** D1 databases: made, listed, changed, deleted, and queried. */
final class D1Api {
  private static final String ALL = "/accounts/{account}/d1/database";
  static final String ONE = ALL + "/{database}";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
  private static final Set<String> REPLICATION_MODES = Set.of("auto", "disabled");
  private static final int MALFORMED = 7400;

  private final Account account;
  private final WorkersRuntime runtime;
  private final D1Query query;
  private final D1TimeTravel timeTravel;
  private final Quotas quotas;

  D1Api(Account account, WorkersRuntime runtime, D1TimeTravel timeTravel, Quotas quotas) {
    this.account = account;
    this.runtime = runtime;
    this.timeTravel = timeTravel;
    this.quotas = quotas;
    this.query = new D1Query(runtime);
  }

  void register(Router router) {
    timeTravel.register(router);
    new D1Transfers(account, runtime, timeTravel).register(router);
    router
        .get(ALL, this::list)
        .post(ALL, this::create)
        .get(ONE, call -> Reply.ok(fullView(find(account, call))))
        .put(ONE, this::update)
        .patch(ONE, this::update)
        .delete(ONE, this::delete)
        .post(
            ONE + "/query",
            call -> Reply.ok(query.objects(find(account, call).uuid(), call.object())))
        .post(
            ONE + "/raw", call -> Reply.ok(query.rows(find(account, call).uuid(), call.object())));
  }

  private Reply list(Call call) {
    String part = call.query("name").orElse("");
    List<ObjectNode> views =
        account.state().databases().values().stream()
            .filter(database -> database.name().contains(part))
            .map(D1Api::view)
            .toList();
    return Results.page(call, views, Page.Rules.of(100, 10_000));
  }

  private Reply create(Call call) throws Exception {
    JsonNode body = call.object();
    String name = Results.text(body, "name", MALFORMED);
    if (!NAME.matcher(name).matches()) {
      throw ApiException.badRequest(
          MALFORMED,
          "The database name " + name + " is invalid: letters, digits, - and _, up to 63.");
    }
    Database database =
        new Database(
            UUID.randomUUID().toString(),
            name,
            account.now(),
            body.has("read_replication") ? replicationMode(body) : null,
            Results.optionalText(body, "jurisdiction", MALFORMED).orElse(null),
            Results.optionalText(body, "primary_location_hint", MALFORMED).orElse(null));
    account.update(
        state -> {
          if (state.databases().values().stream().anyMatch(d -> d.name().equals(name))) {
            throw ApiException.badRequest(7502, "A database with that name already exists");
          }
          quotas.checkDatabases(state);
          return state.with(database);
        });
    return Reply.ok(view(database));
  }

  private Reply update(Call call) throws Exception {
    Database database = find(account, call);
    JsonNode body = call.object();
    if (!body.has("read_replication")) {
      return Reply.ok(view(database));
    }
    String mode = replicationMode(body);
    AccountState changed =
        account.update(state -> state.with(find(state, database.uuid()).withReadReplication(mode)));
    return Reply.ok(view(find(changed, database.uuid())));
  }

  /** Null is refused, as Cloudflare does: the genuine provider sends it after a refresh. */
  private static String replicationMode(JsonNode body) {
    JsonNode mode = body.path("read_replication").path("mode");
    if (!mode.isTextual() || !REPLICATION_MODES.contains(mode.asText())) {
      throw ApiException.badRequest(
          MALFORMED,
          "The request is malformed: read_replication.mode must be 'auto' or 'disabled'.");
    }
    return mode.asText();
  }

  private Reply delete(Call call) throws Exception {
    Database database = find(account, call);
    account.update(
        state -> {
          find(state, database.uuid());
          return state.withoutDatabase(database.uuid());
        });
    runtime.databaseFiles().delete(database.uuid());
    return Reply.none();
  }

  /** By uuid or by name: wrangler asks with either. */
  static Database find(Account account, Call call) {
    return find(account.state(), call.path("database"));
  }

  private static Database find(AccountState state, String wanted) {
    return state.databases().values().stream()
        .filter(database -> database.uuid().equals(wanted) || database.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () -> ApiException.notFound(7404, "The database " + wanted + " could not be found"));
  }

  private ObjectNode fullView(Database database) {
    ObjectNode view = view(database);
    view.put("file_size", runtime.databaseFiles().size(database.uuid()));
    view.put("num_tables", query.countTables(database.uuid()));
    view.put("running_in_region", "LOCAL");
    return view;
  }

  private static ObjectNode view(Database database) {
    ObjectNode view = Results.object();
    view.put("uuid", database.uuid()).put("name", database.name());
    view.put("version", "production").put("created_at", database.createdAt().toString());
    if (database.readReplication() == null) {
      // Told as null, not left out: what provokes the provider's bug on the next update.
      view.putNull("read_replication");
    } else {
      view.putObject("read_replication").put("mode", database.readReplication());
    }
    if (database.jurisdiction() != null) {
      view.put("jurisdiction", database.jurisdiction());
    }
    if (database.primaryLocationHint() != null) {
      view.put("primary_location_hint", database.primaryLocationHint());
    }
    return view;
  }
}
