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
    final String alertType = "workers_alert";

    @Import(name = "enabled", required = true)
    final boolean enabled = true;

    @Import(name = "mechanisms", required = true)
    final Mechanisms mechanisms;

    /** Tells {@code emails} when the Workers of the account fail or use more than usual. */
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

  static final class Email extends ResourceArgs {
    @Import(name = "id", required = true)
    final String id;

    Email(String id) {
      this.id = id;
    }
  }
}
