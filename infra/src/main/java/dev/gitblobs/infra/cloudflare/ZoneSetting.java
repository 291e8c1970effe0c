package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;
import java.util.Map;

/** One setting of a zone. Destroying it leaves the zone as it is. */
public final class ZoneSetting extends CustomResource {
  /** Registers the setting under the logical name {@code name}. */
  public ZoneSetting(String name, Args args, CustomResourceOptions.Builder options) {
    super("cloudflare:index/zoneSetting:ZoneSetting", name, args, CloudflarePlugin.pin(options));
  }

  /** What a setting consists of. */
  public static final class Args extends ResourceArgs {
    @Import(name = "zoneId", required = true)
    final String zoneId;

    @Import(name = "settingId", required = true)
    final String settingId;

    @Import(name = "value", required = true)
    final Object value;

    private Args(String zoneId, String settingId, Object value) {
      this.zoneId = zoneId;
      this.settingId = settingId;
      this.value = value;
    }

    /** Redirects every request over http to https. */
    public static Args alwaysUseHttps(String zoneId) {
      return new Args(zoneId, "always_use_https", "on");
    }

    /** Refuses TLS versions below 1.2. */
    public static Args tlsFloor(String zoneId) {
      return new Args(zoneId, "min_tls_version", "1.2");
    }

    /** Tells browsers to use https alone for {@code maxAgeSeconds} (HSTS). */
    public static Args strictTransportSecurity(String zoneId, int maxAgeSeconds) {
      // The keys are the API's own: the provider passes the value on as it is.
      var header =
          Map.of(
              "enabled", true,
              "max_age", maxAgeSeconds,
              "include_subdomains", false,
              "preload", false,
              "nosniff", true);
      return new Args(zoneId, "security_header", Map.of("strict_transport_security", header));
    }
  }
}
