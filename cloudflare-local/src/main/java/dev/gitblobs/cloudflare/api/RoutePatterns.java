package dev.gitblobs.cloudflare.api;

import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Route;
import dev.gitblobs.cloudflare.runtime.RuntimePlan.RoutePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Puts routes and custom domains in the order in which Cloudflare tries them. */
final class RoutePatterns {
  private static final String REGEX_SIGNS = "\\.[]{}()+-^$|?";

  private RoutePatterns() {}

  /** The more specific route first (the longer one), custom domains last. */
  static List<RoutePlan> inOrder(AccountState state) {
    List<RoutePlan> plans = new ArrayList<>();
    state.routes().values().stream()
        .sorted(Comparator.comparingInt((Route r) -> r.pattern().length()).reversed())
        .map(r -> new RoutePlan(regex(r.pattern()), script(state, r.script())))
        .forEach(plans::add);
    state
        .documents(DomainsApi.COLLECTION)
        .values()
        .forEach(
            domain ->
                plans.add(
                    new RoutePlan(
                        regex(domain.path("hostname").asText() + "/*"),
                        script(state, domain.path("service").asText()))));
    return plans;
  }

  /** A script that was deleted answers for nothing. */
  private static String script(
      AccountState state, @org.jspecify.annotations.Nullable String script) {
    String name = Objects.requireNonNullElse(script, "");
    return state.scripts().containsKey(name) ? name : "";
  }

  /** A {@code *} stands for any text, also an empty one; the rest for itself. */
  static String regex(String pattern) {
    String hostAndPath = pattern.replaceFirst("^https?://", "");
    String whole = hostAndPath.contains("/") ? hostAndPath : hostAndPath + "/";
    StringBuilder regex = new StringBuilder("^");
    for (int i = 0; i < whole.length(); i++) {
      char c = whole.charAt(i);
      if (c == '*') {
        regex.append(".*");
      } else if (REGEX_SIGNS.indexOf(c) >= 0) {
        regex.append('\\').append(c);
      } else {
        regex.append(c);
      }
    }
    return regex.append('$').toString();
  }
}
