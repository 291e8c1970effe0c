package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.ResourceArgs;
import org.jspecify.annotations.Nullable;

/** One binding of a Worker script: what the code finds under a name in its {@code env}. */
public final class WorkerBinding extends ResourceArgs {
  @Import(name = "name", required = true)
  final String name;

  @Import(name = "type", required = true)
  final String type;

  @Import(name = "databaseId")
  @Nullable Output<String> databaseId;

  @Import(name = "className")
  @Nullable String className;

  @Import(name = "text")
  @Nullable Output<String> text;

  @Import(name = "namespaceId")
  @Nullable String namespaceId;

  @Import(name = "simple")
  @Nullable Simple simple;

  private WorkerBinding(String name, String type) {
    this.name = name;
    this.type = type;
  }

  /** A D1 database. */
  public static WorkerBinding d1(String name, Output<String> databaseId) {
    var binding = new WorkerBinding(name, "d1");
    binding.databaseId = databaseId;
    return binding;
  }

  /** A text that everybody who may see the script may read. */
  public static WorkerBinding plainText(String name, String text) {
    var binding = new WorkerBinding(name, "plain_text");
    binding.text = Output.of(text);
    return binding;
  }

  /** A Durable Object class of the script itself. */
  public static WorkerBinding durableObject(String name, String className) {
    var binding = new WorkerBinding(name, "durable_object_namespace");
    binding.className = className;
    return binding;
  }

  /** A text that only the running Worker can read; secret in the state whatever was passed. */
  public static WorkerBinding secret(String name, Output<String> text) {
    var binding = new WorkerBinding(name, "secret_text");
    binding.text = text.asSecret();
    return binding;
  }

  /**
   * A rate limiter.
   *
   * @param namespaceId a number, unique in the account; Workers with the same one share their
   *     counts
   * @param periodSeconds 10 or 60, all that Cloudflare offers
   */
  public static WorkerBinding rateLimit(
      String name, String namespaceId, int limit, int periodSeconds) {
    var binding = new WorkerBinding(name, "ratelimit");
    binding.namespaceId = namespaceId;
    binding.simple = new Simple(limit, periodSeconds);
    return binding;
  }

  /** The id, tag and time of the running version. */
  public static WorkerBinding versionMetadata(String name) {
    return new WorkerBinding(name, "version_metadata");
  }

  static final class Simple extends ResourceArgs {
    @Import(name = "limit", required = true)
    final int limit;

    @Import(name = "period", required = true)
    final int period;

    Simple(int limit, int period) {
      this.limit = limit;
      this.period = period;
    }
  }
}
