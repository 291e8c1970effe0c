package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;
import java.util.List;

/** The rate-limit rules of a zone. A zone has one such ruleset, shared by all its hosts. */
public final class Ruleset extends CustomResource {
  /** Registers the ruleset under the logical name {@code name}. */
  public Ruleset(String name, Args args, CustomResourceOptions.Builder options) {
    super("cloudflare:index/ruleset:Ruleset", name, args, CloudflarePlugin.pin(options));
  }

  /** A zone's ruleset of the phase {@code http_ratelimit} with one rule. */
  public static final class Args extends ResourceArgs {
    @Import(name = "zoneId", required = true)
    final String zoneId;

    @Import(name = "name", required = true)
    final String name;

    @Import(name = "kind", required = true)
    final String kind = "zone";

    @Import(name = "phase", required = true)
    final String phase = "http_ratelimit";

    @Import(name = "rules", required = true)
    final List<Rule> rules;

    /** The ruleset {@code name} of the zone. */
    public Args(String zoneId, String name, Rule rule) {
      this.zoneId = zoneId;
      this.name = name;
      this.rules = List.of(rule);
    }
  }

  /** Blocks an address for a while that asks too often. */
  public static final class Rule extends ResourceArgs {
    @Import(name = "ref", required = true)
    final String ref;

    @Import(name = "description", required = true)
    final String description;

    @Import(name = "expression", required = true)
    final String expression;

    @Import(name = "action", required = true)
    final String action = "block";

    @Import(name = "enabled", required = true)
    final boolean enabled = true;

    @Import(name = "ratelimit", required = true)
    final RateLimit ratelimit;

    /**
     * Limits the requests that match {@code expression}.
     *
     * @param ref a name that stays when the rule changes, so that Cloudflare keeps its identity
     */
    public Rule(String ref, String description, String expression, int requestsPerTenSeconds) {
      this.ref = ref;
      this.description = description;
      this.expression = expression;
      this.ratelimit = new RateLimit(requestsPerTenSeconds);
    }
  }

  static final class RateLimit extends ResourceArgs {
    // Counted per address and data centre: the only counting that every plan has.
    @Import(name = "characteristics", required = true)
    final List<String> characteristics = List.of("cf.colo.id", "ip.src");

    @Import(name = "period", required = true)
    final int period = 10;

    @Import(name = "requestsPerPeriod", required = true)
    final int requestsPerPeriod;

    @Import(name = "mitigationTimeout", required = true)
    final int mitigationTimeout = 10;

    RateLimit(int requestsPerPeriod) {
      this.requestsPerPeriod = requestsPerPeriod;
    }
  }
}
