package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Export;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;

/** A D1 database. A change of its account or name replaces it, which loses its data. */
@SuppressWarnings("NullAway.Init")
public final class D1Database extends CustomResource {
  @Export(name = "uuid", refs = String.class, tree = "[0]")
  private Output<String> uuid;

  @Export(name = "accountId", refs = String.class, tree = "[0]")
  private Output<String> accountId;

  @Export(name = "name", refs = String.class, tree = "[0]")
  private Output<String> databaseName;

  /** Registers the database under the logical name {@code name}. */
  public D1Database(String name, Args args, CustomResourceOptions.Builder options) {
    super("cloudflare:index/d1Database:D1Database", name, args, CloudflarePlugin.pin(options));
  }

  /** The id by which bindings and the API name the database. */
  public Output<String> uuid() {
    return uuid;
  }

  /** The account that has the database. */
  public Output<String> accountId() {
    return accountId;
  }

  /** The name under which the account knows the database. */
  public Output<String> databaseName() {
    return databaseName;
  }

  /** What a database consists of. */
  public static final class Args extends ResourceArgs {
    @Import(name = "accountId", required = true)
    final String accountId;

    @Import(name = "name", required = true)
    final String name;

    @Import(name = "readReplication", required = true)
    final ReadReplication readReplication = new ReadReplication();

    /** The database {@code name} in the account {@code accountId}. */
    public Args(String accountId, String name) {
      this.accountId = accountId;
      this.name = name;
    }
  }

  /**
   * Read replication, always said and always off: left out, a refresh makes the provider send null,
   * which the API refuses with 400 (pulumi-cloudflare issue 1583).
   */
  static final class ReadReplication extends ResourceArgs {
    @Import(name = "mode", required = true)
    final String mode = "disabled";
  }
}
