package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Deployment;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.account.Version;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Deployments of a script: which versions answer, with which share; a rollback is one more. */
final class DeploymentsApi {
  private static final String ALL = ScriptsApi.ONE + "/deployments";
  private static final int INVALID = 10228;
  private static final int MAX_VERSIONS = 2;
  private static final double EPSILON = 0.001;

  private final Account account;
  private final Publisher publisher;

  DeploymentsApi(Account account, Publisher publisher) {
    this.account = account;
    this.publisher = publisher;
  }

  void register(Router router) {
    router.get(ALL, this::list).post(ALL, this::create).get(ALL + "/{deployment}", this::get);
  }

  private Reply list(Call call) {
    List<ObjectNode> views =
        ScriptsApi.find(account, call).deployments().stream()
            .map(VersionViews::deployment)
            .toList();
    Page page = Page.of(call, views, Page.Rules.WHOLE);
    ObjectNode result = Results.object();
    result.set("deployments", page.items());
    return Reply.page(result, page.info());
  }

  private Reply get(Call call) {
    String id = call.path("deployment");
    return ScriptsApi.find(account, call).deployments().stream()
        .filter(deployment -> deployment.id().equals(id))
        .findFirst()
        .map(deployment -> Reply.ok(VersionViews.deployment(deployment)))
        .orElseThrow(() -> ApiException.notFound(10223, "There is no deployment " + id + "."));
  }

  private Reply create(Call call) throws IOException {
    String name = ScriptsApi.find(account, call).name();
    ObjectNode body = call.object();
    boolean force = call.query("force").filter("true"::equals).isPresent();
    Deployment deployment =
        publisher.deploy(name, script -> chosen(script, body, force), Publisher.annotations(body));
    return Reply.ok(VersionViews.deployment(deployment));
  }

  private static List<Deployment.Share> chosen(Script script, JsonNode body, boolean force) {
    List<Deployment.Share> shares = shares(script, body);
    if (!force) {
      shares.forEach(share -> checkSecrets(script, script.version(share.versionId())));
    }
    return shares;
  }

  private static List<Deployment.Share> shares(Script script, JsonNode body) {
    if (!body.path("strategy").asText("percentage").equals("percentage")) {
      throw ApiException.badRequest(INVALID, "The only strategy is percentage.");
    }
    List<Deployment.Share> shares = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    double sum = 0;
    for (JsonNode version : body.path("versions")) {
      double percentage = version.path("percentage").asDouble(-1);
      String id = VersionsApi.find(script, version.path("version_id").asText()).id();
      if (percentage < 0 || percentage > 100 || !ids.add(id)) {
        throw ApiException.badRequest(
            INVALID, "Each version is named once, with a percentage from 0 to 100.");
      }
      sum += percentage;
      shares.add(new Deployment.Share(id, percentage));
    }
    if (shares.isEmpty() || shares.size() > MAX_VERSIONS || Math.abs(sum - 100) > EPSILON) {
      throw ApiException.badRequest(
          INVALID, "One or two versions are needed, their percentages adding up to 100.");
    }
    return shares;
  }

  /** Going back past a changed secret needs force: the old value would come back with the code. */
  private static void checkSecrets(Script script, Version version) {
    Set<String> differing = new TreeSet<>(Secrets.differing(script.live(), version));
    if (version.number() < script.live().number() && !differing.isEmpty()) {
      throw ApiException.badRequest(
          10220,
          "The secrets "
              + String.join(", ", differing)
              + " changed since this version was deployed. Use ?force=true to deploy it anyway.");
    }
  }
}
