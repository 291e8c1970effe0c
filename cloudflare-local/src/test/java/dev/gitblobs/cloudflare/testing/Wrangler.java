package dev.gitblobs.cloudflare.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Unmodified wrangler, pointed at a cloudflare-local. */
public final class Wrangler {
  private final LocalCloudflare cloudflare;
  private final Path folder;

  /**
   * Runs in a folder of its own.
   *
   * @param folder where it looks for its configuration
   */
  public Wrangler(LocalCloudflare cloudflare, Path folder) {
    this.cloudflare = cloudflare;
    this.folder = folder;
  }

  /** What it printed; fails when it failed. */
  public String run(String... arguments) {
    return runWith("", arguments);
  }

  /** The same, with something on its standard input. */
  public String runWith(String input, String... arguments) {
    try {
      Process process = start(arguments);
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError("wrangler " + String.join(" ", arguments) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts it, its output and errors as one stream. */
  public Process start(String... arguments) throws IOException {
    Path modules = LocalCloudflare.root().resolve("node_modules");
    List<String> command = new ArrayList<>();
    command.add(modules.resolve(".bin/node").toString());
    command.add(modules.resolve("wrangler/bin/wrangler.js").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "CLOUDFLARE_API_BASE_URL",
                cloudflare.apiUrl(),
                "CLOUDFLARE_API_TOKEN",
                cloudflare.token(),
                "CLOUDFLARE_ACCOUNT_ID",
                cloudflare.accountId(),
                "WRANGLER_SEND_METRICS",
                "false",
                "WRANGLER_HIDE_BANNER",
                "true",
                "HOME",
                folder.toString(),
                "NO_COLOR",
                "1",
                "CI",
                "true"));
    return builder.redirectErrorStream(true).start();
  }
}
