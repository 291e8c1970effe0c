package dev.gitblobs.cloudflare.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Faults;
import dev.gitblobs.cloudflare.http.Journal;
import dev.gitblobs.cloudflare.http.Request;
import dev.gitblobs.cloudflare.http.Router;
import dev.gitblobs.cloudflare.runtime.D1Limits;
import dev.gitblobs.cloudflare.runtime.RuntimeFiles;
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import dev.gitblobs.cloudflare.testing.InMemoryStateFiles;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/cloudflare-local-calls.md names every call there is, and what wrangler calls beside them.
 */
class CallsPageTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\S+) (\\S+)` +\\| (\\w+)");
  private static final Pattern WRANGLERS = Pattern.compile("`(/(?:accounts|zones)/\\$\\{[^`]*)`");
  private static final Pattern PRODUCTS =
      Pattern.compile(
          "/accounts/\\{}/(workers|d1|storage|logpush|alerting)/.*|/zones/\\{}/workers/.*");

  private static Router router() throws IOException {
    Account account = Account.open(new InMemoryStateFiles(), Clock.systemUTC(), Optional.empty());
    Path none = Path.of("none");
    WorkersRuntime runtime =
        new WorkersRuntime(
            new RuntimeFiles(none, none, none, none),
            "secret",
            new Plans(account)::all,
            D1Limits.PRODUCTION);
    try (CloudflareApi api =
        new CloudflareApi(account, runtime, new Faults(), new Journal(), Clock.systemUTC())) {
      return api.router();
    }
  }

  private static List<MatchResult> rows() throws IOException {
    Path page = LocalCloudflare.root().resolve("docs/cloudflare-local-calls.md");
    return ROW.matcher(Files.readString(page)).results().toList();
  }

  private static List<String> named(boolean absent) throws IOException {
    return rows().stream()
        .filter(row -> row.group(3).equals("absent") == absent)
        .map(row -> row.group(1) + " " + row.group(2).replaceAll(":(\\w+)", "{$1}"))
        .toList();
  }

  private static Stream<String> calls() throws IOException {
    return router().calls().stream().filter(call -> !call.contains(" /local/"));
  }

  @Test
  void namesExactlyTheCallsThatAreAnswered() throws IOException {
    assertThat(named(false)).containsExactlyInAnyOrderElementsOf(calls().toList());
  }

  @Test
  void whatItCallsAbsentLeadsNowhere() throws IOException {
    Router router = router();
    for (String call : named(true)) {
      String path =
          call.substring(call.indexOf(' ') + 1).replaceAll("\\{\\w+}", "x").replace("*", "x");
      assertThatThrownBy(() -> router.answer("GET", path, new Nothing()))
          .as(call)
          .isInstanceOfSatisfying(
              ApiException.class,
              absent -> {
                assertThat(absent.status()).isEqualTo(404);
                assertThat(absent.code()).isEqualTo(7003);
              });
    }
  }

  @Test
  void placesEveryPathOfWranglerAndOfTheGenuineProvider() throws Exception {
    String wrangler =
        Files.readString(
            LocalCloudflare.root().resolve("node_modules/wrangler/wrangler-dist/cli.js"));
    TreeSet<String> asked = new TreeSet<>();
    WRANGLERS
        .matcher(wrangler)
        .results()
        .map(found -> found.group(1).replaceAll("\\$\\{[^}]*}", "{}").replaceAll("\\?.*", ""))
        .filter(path -> PRODUCTS.matcher(path).matches())
        .forEach(asked::add);
    var trace = CallsPageTest.class.getResource("/genuine-provider/calls.jsonl");
    for (String line : Files.readAllLines(Path.of(trace.toURI()))) {
      String path = new ObjectMapper().readTree(line).get("p").asText();
      if (!path.isEmpty()) {
        asked.add(path.replaceFirst("^/client/v4", ""));
      }
    }
    List<String> known = rows().stream().map(row -> row.group(2)).toList();
    assertThat(asked.stream().filter(path -> known.stream().noneMatch(row -> fits(path, row))))
        .isEmpty();
    assertThat(asked).hasSizeGreaterThan(60);
  }

  /** Either may leave parts open: the page parameters, wrangler's text what it fills in. */
  private static boolean fits(String path, String row) {
    return path.matches(row.replaceAll(":\\w+", "[^/]+").replace("*", ".*"))
        || row.matches(Pattern.quote(path).replace("{}", "\\E[^/]*\\Q"));
  }

  /** A request that nobody gets to see. */
  private record Nothing() implements Request {
    @Override
    public Optional<String> rawQuery() {
      return Optional.empty();
    }

    @Override
    public Optional<String> header(String name) {
      return Optional.empty();
    }

    @Override
    public InputStream body() {
      return InputStream.nullInputStream();
    }

    @Override
    public int localPort() {
      return 0;
    }
  }
}
