package dev.gitblobs.cloudflare.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The API's HTTP server on loopback. */
public final class ApiServer implements AutoCloseable {
  /** Under which all calls live, as at Cloudflare. */
  public static final String ROOT = "/client/v4";

  private static final int MAX_DRAINED_BYTES = 1 << 20;

  private static final int BACKLOG = 128;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool(ApiServer::daemon);
  private final Router router;
  private final Gatekeeper gatekeeper;
  private final Faults faults;
  private final Journal journal;
  private final Clock clock;

  private ApiServer(
      HttpServer server,
      Router router,
      Gatekeeper gatekeeper,
      Faults faults,
      Journal journal,
      Clock clock) {
    this.server = server;
    this.router = router;
    this.gatekeeper = gatekeeper;
    this.faults = faults;
    this.journal = journal;
    this.clock = clock;
  }

  /**
   * Starts listening.
   *
   * @param port 0 for any free one
   * @throws BindException when the port is taken
   */
  public static ApiServer start(
      int port, Router router, Gatekeeper gatekeeper, Faults faults, Journal journal, Clock clock)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    ApiServer api = new ApiServer(server, router, gatekeeper, faults, journal, clock);
    server.setExecutor(api.threads);
    server.createContext("/", api::serve);
    server.start();
    return api;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "api");
    thread.setDaemon(true);
    return thread;
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Optional<Reply> reply = answer(exchange);
      note(exchange, reply.map(Reply::status).orElse(0));
      if (reply.isPresent()) {
        send(exchange, reply.get());
      }
    }
  }

  private void note(HttpExchange exchange, int status) {
    String raw = exchange.getRequestURI().getRawPath();
    if (raw.startsWith(ROOT + "/") && !raw.startsWith(ROOT + "/local/")) {
      journal.add(
          new Journal.Entry(exchange.getRequestMethod(), raw.substring(ROOT.length()), status));
    }
  }

  /** Empty when the connection is to be cut without an answer (an injected fault). */
  private Optional<Reply> answer(HttpExchange exchange) {
    String raw = exchange.getRequestURI().getRawPath();
    try {
      if (!raw.startsWith(ROOT + "/")) {
        throw ApiException.noRoute(raw);
      }
      String path = raw.substring(ROOT.length());
      gatekeeper.admit(token(exchange), exchange.getRequestMethod(), path);
      Optional<Faults.Fault> fault =
          path.startsWith("/local/")
              ? Optional.empty()
              : faults.take(exchange.getRequestMethod(), path);
      if (fault.isPresent() && !fault.get().after()) {
        return fault.get().reply();
      }
      Reply reply = router.answer(exchange.getRequestMethod(), path, new ExchangeRequest(exchange));
      return fault.isPresent() ? fault.get().reply() : Optional.of(reply);
    } catch (ApiException e) {
      return Optional.of(Reply.error(e.status(), e.code(), String.valueOf(e.getMessage()), true));
    } catch (Exception e) {
      if (isDiskFull(e)) {
        return Optional.of(
            Reply.error(500, 10013, "The disk is full: this call has changed nothing.", true));
      }
      System.err.printf(
          "%s cloudflare-local: %s %s failed: %s%n",
          clock.instant(), exchange.getRequestMethod(), raw, e);
      e.printStackTrace();
      return Optional.of(
          Reply.error(500, 10013, "An unknown error has occurred: " + e.getMessage(), true));
    }
  }

  private static boolean isDiskFull(@Nullable Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
        return true;
      }
    }
    return false;
  }

  private static Optional<String> token(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    String scheme = "Bearer ";
    return header != null && header.regionMatches(true, 0, scheme, 0, scheme.length())
        ? Optional.of(header.substring(scheme.length()).trim())
        : Optional.empty();
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    if (!isReadWhole(exchange.getRequestBody())) {
      exchange.getResponseHeaders().set("Connection", "close");
    }
    exchange.getResponseHeaders().set("Content-Type", reply.contentType());
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = reply.body();
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  /**
   * Reads what a refused request's handler left of its body: otherwise the next request on the same
   * connection begins in the middle of this one. Gives up on a large one.
   */
  private static boolean isReadWhole(InputStream body) throws IOException {
    byte[] rest = body.readNBytes(MAX_DRAINED_BYTES);
    return rest.length < MAX_DRAINED_BYTES;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
