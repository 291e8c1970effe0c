package dev.gitblobs.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What no environment may be, whatever its configuration says. A violation stops the program before
 * anything is declared, so that neither a preview nor an update goes past it.
 */
final class Policies {
  /** Names that promise a secret. */
  private static final Pattern SECRET_NAME =
      Pattern.compile(".*(SECRET|TOKEN|PASSWORD|PEPPER|CREDENTIAL|PRIVATE|_KEY)(_.*)?");

  private Policies() {}

  /**
   * Refuses what breaks a rule.
   *
   * @throws SettingsException naming each broken rule and why it is one
   */
  static void enforce(StackSettings settings, WorkerManifest manifest) {
    var violations = violations(settings, manifest);
    if (!violations.isEmpty()) {
      throw new SettingsException(
          "Environment " + settings.environment() + " would break a policy:", violations);
    }
  }

  static List<String> violations(StackSettings settings, WorkerManifest manifest) {
    var violations = new ArrayList<String>();
    manifest.plain().stream()
        .filter(name -> SECRET_NAME.matcher(name).matches())
        .forEach(
            name ->
                violations.add(
                    "no plain secret: worker/bindings.json binds "
                        + name
                        + " as plain text, which everybody who sees the script can read; list it"
                        + " under \"secrets\""));
    if (settings.isProduction()) {
      refuseSideDoors(settings, violations);
    }
    if (!settings.isDisposable()) {
      refuseWeakTransport(settings, violations);
    }
    return violations;
  }

  private static void refuseSideDoors(StackSettings settings, List<String> violations) {
    if (settings.workersDev()) {
      violations.add(
          "no workers.dev in prod: it would bypass the zone's TLS floor and rate limit; set"
              + " gitblobs-relay:workersDev to false");
    }
    if (settings.edge().isEmpty()) {
      violations.add(
          "HTTPS always: prod needs its own host name, whose zone enforces it; set"
              + " gitblobs-relay:zoneId and gitblobs-relay:hostname");
    }
    if (settings.edge().filter(edge -> !edge.ownsZone()).isPresent()) {
      violations.add(
          "HTTPS always: prod has to set its zone's redirect to https, TLS floor and HSTS itself;"
              + " set gitblobs-relay:ownsZone to true here, and to false in the other stacks of the"
              + " zone");
    }
  }

  private static void refuseWeakTransport(StackSettings settings, List<String> violations) {
    settings
        .edge()
        .filter(edge -> edge.ownsZone() && edge.hstsMaxAgeSeconds() == 0)
        .ifPresent(
            edge ->
                violations.add(
                    "HTTPS always: hstsMaxAgeSeconds is 0, which tells browsers to forget it; set"
                        + " gitblobs-relay:hstsMaxAgeSeconds above 0"));
    for (var origin : settings.plain().getOrDefault("ALLOWED_ORIGINS", "").split(",", -1)) {
      if (origin.startsWith("http://")
          && !origin.matches("http://(localhost|127\\.0\\.0\\.1)(:.*)?")) {
        violations.add(
            "HTTPS always: the origin "
                + origin
                + " is not https; correct gitblobs-relay:allowedOrigins");
      }
    }
  }
}
