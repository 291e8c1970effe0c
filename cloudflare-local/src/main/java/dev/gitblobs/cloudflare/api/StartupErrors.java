package dev.gitblobs.cloudflare.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes of what the runtime said when a script did not start what Cloudflare would say. */
final class StartupErrors {
  // workerd: {"level":"error","message":"service core:user:NAME: Uncaught Error: boom\n  at ..."}
  private static final Pattern SERVICE_ERROR =
      Pattern.compile("service core:user:[^:]*: (.*?)(?<!\\\\)\"", Pattern.DOTALL);

  private StartupErrors() {}

  static String explain(String failure) {
    Matcher error = SERVICE_ERROR.matcher(failure);
    return error.find()
        ? error.group(1).replace("\\n", "\n").replace("\\\"", "\"").strip()
        : failure;
  }
}
