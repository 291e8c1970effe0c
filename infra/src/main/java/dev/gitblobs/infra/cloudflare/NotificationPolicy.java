package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;
import java.util.List;

/** Whom Cloudflare tells about what. */
public final class NotificationPolicy extends CustomResource {
  /** Registers the policy under the logical name {@code name}. */
  public NotificationPolicy(String name, Args args, CustomResourceOptions.Builder options) {
    super(
        "cloudflare:index/notificationPolicy:NotificationPolicy",
        name,
        args,
        CloudflarePlugin.pin(options));
  }

  /** What a policy consists of. */
  public static final class Args extends ResourceArgs {
    @Import(name = "accountId", required = true)
    final String accountId;

    @Import(name = "name", required = true)
    final String name;

    @Import(name = "alertType", required = true)
    final String alertType = "incident_alert";

    @Import(name = "enabled", required = true)
    final boolean enabled = true;

    @Import(name = "mechanisms", required = true)
    final Mechanisms mechanisms;

    @Import(name = "filters", required = true)
    final Filters filters = new Filters();

    /**
     * Tells {@code emails} of Cloudflare's own larger incidents. The alerts about failing requests
     * need a plan that few have, and the provider took its alert about Workers away in version 5.
     */
    public Args(String accountId, String name, List<String> emails) {
      this.accountId = accountId;
      this.name = name;
      this.mechanisms = new Mechanisms(emails);
    }
  }

  static final class Mechanisms extends ResourceArgs {
    @Import(name = "emails", required = true)
    final List<Email> emails;

    Mechanisms(List<String> emails) {
      this.emails = emails.stream().map(Email::new).toList();
    }
  }

  static final class Filters extends ResourceArgs {
    @Import(name = "incidentImpacts", required = true)
    final List<String> incidentImpacts =
        List.of("INCIDENT_IMPACT_MAJOR", "INCIDENT_IMPACT_CRITICAL");
  }

  static final class Email extends ResourceArgs {
    @Import(name = "id", required = true)
    final String id;

    Email(String id) {
      this.id = id;
    }
  }
}
