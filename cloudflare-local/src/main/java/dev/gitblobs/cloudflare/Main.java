package dev.gitblobs.cloudflare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** The command line: {@code serve}. Exit codes: 0 done, 1 failed, 2 usage. */
public final class Main {
  private static final String HELP =
      """
      cloudflare-local: Cloudflare on this machine.

      Usage: java -jar cloudflare-local.jar serve --state DIR --node NODE --runtime MAIN_MJS
                                    [--port N] [--token-file FILE] [--d1-limits on|off]

        --state DIR        where the account and its data are kept (made when missing)
        --node NODE        the Node program, 24 or newer (node_modules/.bin/node)
        --runtime FILE     cloudflare-local/runtime/main.mjs
        --port N           the API's port; without it that of last time, or a free one
        --token-file FILE  the API token to use; without it that of last time, or a new one
        --d1-limits off    without production's limits of D1 (on)

      Listens on 127.0.0.1 only. When it is ready, DIR/instance.json (mode 0600) tells the URL,
      the account and the token. SIGTERM stops it; the state stays.

      Example:
        java -jar cloudflare-local.jar serve --state .gitblobs/local/cloudflare \\
          --node node_modules/.bin/node --runtime cloudflare-local/runtime/main.mjs
      """;
  private static final Set<String> OPTIONS =
      Set.of("--state", "--node", "--runtime", "--port", "--token-file", "--d1-limits");
  private static final int MAX_PORT = 65_535;

  private Main() {}

  /** Runs the program; ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  private static int run(String[] args) {
    if (args.length == 0 || args[0].equals("--help") || args[0].equals("-h")) {
      System.out.print(HELP);
      return args.length == 0 ? 2 : 0;
    }
    if (args[0].equals("--version")) {
      System.out.println(version());
      return 0;
    }
    try {
      return serve(options(args));
    } catch (IllegalArgumentException e) {
      System.err.println("cloudflare-local: " + e.getMessage() + " (--help tells more)");
      return 2;
    } catch (StartFailure | IOException e) {
      System.err.println("cloudflare-local: " + e.getMessage());
      return 1;
    }
  }

  private static ServeOptions options(String[] args) {
    if (!args[0].equals("serve")) {
      throw new IllegalArgumentException("Unknown command " + args[0] + ".");
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 1; i < args.length; i += 2) {
      if (!OPTIONS.contains(args[i])) {
        throw new IllegalArgumentException("Unknown option " + args[i] + ".");
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException("The option " + args[i] + " needs a value.");
      }
      values.put(args[i], args[i + 1]);
    }
    return new ServeOptions(
        Path.of(required(values, "--state")),
        existing(values, "--node"),
        existing(values, "--runtime"),
        Optional.ofNullable(values.get("--port")).map(Main::port),
        values.containsKey("--token-file")
            ? Optional.of(existing(values, "--token-file"))
            : Optional.empty(),
        onOff(values.getOrDefault("--d1-limits", "on")));
  }

  private static boolean onOff(String value) {
    if (!value.equals("on") && !value.equals("off")) {
      throw new IllegalArgumentException("--d1-limits: " + value + " is neither on nor off.");
    }
    return value.equals("on");
  }

  private static String required(Map<String, String> values, String option) {
    String value = values.get(option);
    if (value == null) {
      throw new IllegalArgumentException("The option " + option + " is missing.");
    }
    return value;
  }

  private static Path existing(Map<String, String> values, String option) {
    Path path = Path.of(required(values, option)).toAbsolutePath().normalize();
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException(option + ": there is no file " + path + ".");
    }
    return path;
  }

  private static int port(String text) {
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > MAX_PORT) {
      throw new IllegalArgumentException("--port: " + text + " is not a port.");
    }
    return Integer.parseInt(text);
  }

  private static int serve(ServeOptions options) throws IOException {
    // Else a small answer waits 40 ms for the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    Server server = Server.start(options, Clock.systemUTC());
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server, stopped), "shutdown"));
    System.out.println("cloudflare-local: ready at " + server.instance().apiUrl());
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static void close(Server server, CountDownLatch stopped) {
    try {
      server.close();
    } catch (IOException e) {
      System.err.println("cloudflare-local: " + e.getMessage());
    } finally {
      stopped.countDown();
    }
  }

  /** The jar's version; "dev" when run from classes. */
  static String version() {
    return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "dev");
  }
}
