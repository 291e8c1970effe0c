package dev.gitblobs.cloudflare.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the handler of a request by method and path pattern ({@code /zones/{zone}/settings}). */
public final class Router {
  /** Answers a request. */
  @FunctionalInterface
  public interface Handler {
    Reply handle(Call call) throws Exception;
  }

  /** A handler and the path parameters it was found with. */
  private record Match(Handler handler, Map<String, String> parameters) {}

  private record Route(String method, List<String> pattern, Handler handler) {}

  private final List<Route> routes = new ArrayList<>();

  /**
   * Adds a GET call; {@code {name}} in the pattern is one part of the path, told to the handler.
   */
  public Router get(String pattern, Handler handler) {
    return add("GET", pattern, handler);
  }

  /**
   * Adds a PUT call; {@code {name}} in the pattern is one part of the path, told to the handler.
   */
  public Router put(String pattern, Handler handler) {
    return add("PUT", pattern, handler);
  }

  /**
   * Adds a POST call; {@code {name}} in the pattern is one part of the path, told to the handler.
   */
  public Router post(String pattern, Handler handler) {
    return add("POST", pattern, handler);
  }

  /**
   * Adds a PATCH call; {@code {name}} in the pattern is one part of the path, told to the handler.
   */
  public Router patch(String pattern, Handler handler) {
    return add("PATCH", pattern, handler);
  }

  /**
   * Adds a DELETE call; {@code {name}} in the pattern is one part of the path, told to the handler.
   */
  public Router delete(String pattern, Handler handler) {
    return add("DELETE", pattern, handler);
  }

  private Router add(String method, String pattern, Handler handler) {
    routes.add(new Route(method, List.of(pattern.substring(1).split("/", -1)), handler));
    return this;
  }

  /**
   * Answers a request.
   *
   * @param path raw, below the API's root
   * @throws ApiException when no pattern fits the path (7003), or none with this method (10405), or
   *     the handler refuses
   */
  public Reply answer(String method, String path, Request request) throws Exception {
    Match match = match(method, path);
    return match.handler().handle(new Call(request, match.parameters()));
  }

  /** Every call as {@code METHOD /path/{parameter}}, in the order in which they were added. */
  public List<String> calls() {
    return routes.stream()
        .map(route -> route.method() + " /" + String.join("/", route.pattern()))
        .toList();
  }

  private Match match(String method, String path) {
    List<String> segments = List.of(path.replaceFirst("^/", "").split("/", -1));
    boolean pathIsKnown = false;
    for (Route route : routes) {
      Optional<Map<String, String>> parameters = fit(route.pattern(), segments);
      if (parameters.isPresent()) {
        if (route.method().equals(method)) {
          return new Match(route.handler(), parameters.get());
        }
        pathIsKnown = true;
      }
    }
    throw pathIsKnown
        ? new ApiException(405, 10405, "Method " + method + " is not allowed for " + path + ".")
        : ApiException.noRoute(path);
  }

  private static Optional<Map<String, String>> fit(List<String> pattern, List<String> segments) {
    if (pattern.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < pattern.size(); i++) {
      String part = pattern.get(i);
      if (part.startsWith("{")) {
        String value = decode(segments.get(i));
        if (value.isEmpty()) {
          return Optional.empty();
        }
        parameters.put(part.substring(1, part.length() - 1), value);
      } else if (!part.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }

  private static String decode(String segment) {
    // '+' stands for itself in a path.
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.noRoute(segment);
    }
  }
}
