package dev.gitblobs.ops;

import com.sun.net.httpserver.HttpServer;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.D1;
import dev.gitblobs.ops.command.Relayctl;
import dev.gitblobs.ops.migrate.Author;
import dev.gitblobs.ops.migrate.D1Database;
import dev.gitblobs.ops.migrate.EarlyLook;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.terminal.StandardStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Uses what commands use, so that the class archive that the launcher makes of this run holds it
 * (JEP 350). Talks to a server of its own on loopback and to nothing else.
 */
public final class Training {
  private Training() {}

  /** Runs help, the lint and a call of the API; prints nothing. */
  public static void main(String[] args) throws IOException {
    // The entry itself, which is not run here.
    Objects.requireNonNull(Main.class);
    PrintWriter nowhere = new StandardStream(OutputStream.nullOutputStream()).writer();
    for (String line : List.of("--version", "--help", "migrate lint --json", "migrate up --help")) {
      String[] words = line.split(" ", -1);
      Relayctl.commandLine(words).setOut(nowhere).setErr(nowhere).execute(words);
    }
    Relayctl.commandLine();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] empty =
        "{\"success\":true,\"result\":[{\"results\":[]},{\"results\":[]},{\"results\":[]},{\"results\":[]}]}"
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, empty.length);
          exchange.getResponseBody().write(empty);
          exchange.close();
        });
    server.start();
    try {
      URI root = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      Path here = Path.of("").toAbsolutePath();
      D1Database database = new D1Database(new D1(new ApiClient(root, "none"), "none", "none"));
      new Migrator(
              database, EarlyLook.at(database), Author.ofThisRun(here), new Migrator.Watcher() {})
          .plan(
              List.of(Migration.of(Path.of("0001_x.sql"), "CREATE TABLE t (a)")),
              Migrator.Options.DEFAULT);
    } finally {
      server.stop(0);
    }
  }
}
