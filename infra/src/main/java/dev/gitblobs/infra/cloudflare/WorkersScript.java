package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Export;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Worker script of one ES module with its bindings and Durable Object migrations. */
@SuppressWarnings("NullAway.Init")
public final class WorkersScript extends CustomResource {
  @Export(name = "scriptName", refs = String.class, tree = "[0]")
  private Output<String> scriptName;

  /** Registers the script under the logical name {@code name}. */
  public WorkersScript(String name, Args args, CustomResourceOptions.Builder options) {
    super(
        "cloudflare:index/workersScript:WorkersScript", name, args, CloudflarePlugin.pin(options));
  }

  /** The name under which the account knows the script; known once the script is there. */
  public Output<String> scriptName() {
    return scriptName;
  }

  /**
   * The code of a script.
   *
   * @param mainModule the module's name in the upload
   * @param contentFile the bundle, absolute or relative to the project's folder
   * @param contentSha256 lower case hexadecimal SHA-256 of the bundle; alone it makes a changed
   *     file a change of the resource
   */
  public record Code(
      String mainModule,
      String contentFile,
      String contentSha256,
      String compatibilityDate,
      List<String> compatibilityFlags) {}

  /**
   * What a script consists of. Every optional that has a default is said, so that nothing drifts.
   */
  public static final class Args extends ResourceArgs {
    @Import(name = "accountId", required = true)
    final String accountId;

    @Import(name = "scriptName", required = true)
    final String scriptName;

    @Import(name = "mainModule", required = true)
    final String mainModule;

    @Import(name = "contentFile", required = true)
    final String contentFile;

    @Import(name = "contentSha256", required = true)
    final String contentSha256;

    @Import(name = "compatibilityDate", required = true)
    final String compatibilityDate;

    @Import(name = "compatibilityFlags", required = true)
    final List<String> compatibilityFlags;

    @Import(name = "bindings", required = true)
    final List<WorkerBinding> bindings;

    @Import(name = "observability", required = true)
    final Observability observability;

    @Import(name = "usageModel", required = true)
    final String usageModel = "standard";

    @Import(name = "logpush", required = true)
    final boolean logpush;

    @Import(name = "migrations")
    final Output<@Nullable Migrations> migrations;

    @Import(name = "annotations")
    final @Nullable Annotations annotations;

    /**
     * Puts a script together.
     *
     * @param migrations the Durable Object steps that the live script has not seen, if any
     * @param annotations where the code comes from, if known
     */
    public Args(
        String accountId,
        String scriptName,
        Code code,
        List<WorkerBinding> bindings,
        Observability observability,
        boolean logpush,
        Output<Optional<Migrations>> migrations,
        Optional<Annotations> annotations) {
      this.accountId = accountId;
      this.scriptName = scriptName;
      this.mainModule = code.mainModule();
      this.contentFile = code.contentFile();
      this.contentSha256 = code.contentSha256();
      this.compatibilityDate = code.compatibilityDate();
      this.compatibilityFlags = List.copyOf(code.compatibilityFlags());
      this.bindings = List.copyOf(bindings);
      this.observability = observability;
      this.logpush = logpush;
      this.migrations = migrations.applyValue(steps -> steps.orElse(null));
      this.annotations = annotations.orElse(null);
    }
  }

  /** Durable Object migration steps from the live tag (none on a new script) to the newest. */
  public static final class Migrations extends ResourceArgs {
    @Import(name = "oldTag")
    final @Nullable String oldTag;

    @Import(name = "newTag", required = true)
    final String newTag;

    @Import(name = "steps", required = true)
    final List<MigrationStep> steps;

    /** The steps that lead from {@code oldTag} to {@code newTag}. */
    public Migrations(Optional<String> oldTag, String newTag, List<MigrationStep> steps) {
      this.oldTag = oldTag.orElse(null);
      this.newTag = newTag;
      this.steps = List.copyOf(steps);
    }

    /** The tag that the script must carry; empty for one that has never been migrated. */
    public Optional<String> oldTag() {
      return Optional.ofNullable(oldTag);
    }

    /** The tag that the script carries afterwards. */
    public String newTag() {
      return newTag;
    }

    /** The steps in their order. */
    public List<MigrationStep> steps() {
      return steps;
    }
  }

  /** One Durable Object migration step. */
  public static final class MigrationStep extends ResourceArgs {
    @Import(name = "newSqliteClasses")
    final @Nullable List<String> newSqliteClasses;

    @Import(name = "deletedClasses")
    final @Nullable List<String> deletedClasses;

    @Import(name = "renamedClasses")
    final @Nullable List<RenamedClass> renamedClasses;

    /** A step that creates, deletes and renames classes; empty lists are left out. */
    public MigrationStep(
        List<String> newSqliteClasses,
        List<String> deletedClasses,
        List<RenamedClass> renamedClasses) {
      this.newSqliteClasses = orLeftOut(newSqliteClasses);
      this.deletedClasses = orLeftOut(deletedClasses);
      this.renamedClasses = orLeftOut(renamedClasses);
    }

    private static <T> @Nullable List<T> orLeftOut(List<T> list) {
      return list.isEmpty() ? null : List.copyOf(list);
    }
  }

  /** A Durable Object class that goes on under another name. */
  public static final class RenamedClass extends ResourceArgs {
    @Import(name = "from", required = true)
    final String from;

    @Import(name = "to", required = true)
    final String to;

    /** The class {@code from}, called {@code to} from now on. */
    public RenamedClass(String from, String to) {
      this.from = from;
      this.to = to;
    }
  }

  /** The logs that Cloudflare keeps of a script. */
  public static final class Observability extends ResourceArgs {
    @Import(name = "enabled", required = true)
    final boolean enabled = true;

    @Import(name = "headSamplingRate", required = true)
    final double headSamplingRate = 1;

    @Import(name = "logs", required = true)
    final Logs logs;

    // Said although it is off: what is left unsaid comes back from Cloudflare as drift.
    @Import(name = "traces", required = true)
    final Traces traces = new Traces();

    /**
     * Keeps all that the script logs: sampling by Cloudflare takes whole requests, and with them
     * the security events in them. With {@code invocationLogs} it also keeps a record of each
     * request, headers included.
     */
    public Observability(boolean invocationLogs) {
      this.logs = new Logs(invocationLogs);
    }
  }

  static final class Logs extends ResourceArgs {
    @Import(name = "enabled", required = true)
    final boolean enabled = true;

    @Import(name = "headSamplingRate", required = true)
    final double headSamplingRate = 1;

    @Import(name = "invocationLogs", required = true)
    final boolean invocationLogs;

    @Import(name = "persist", required = true)
    final boolean persist = true;

    Logs(boolean invocationLogs) {
      this.invocationLogs = invocationLogs;
    }
  }

  static final class Traces extends ResourceArgs {
    @Import(name = "enabled", required = true)
    final boolean enabled = false;
  }

  /** Where the code of a version comes from. */
  public static final class Annotations extends ResourceArgs {
    @Import(name = "workersTag", required = true)
    final String workersTag;

    @Import(name = "workersMessage", required = true)
    final String workersMessage;

    /** Names the git commit from which the bundle was built. */
    public Annotations(String gitCommit) {
      // Cloudflare allows 25 characters in a tag: the short commit; the message has all of it.
      this.workersTag = gitCommit.substring(0, Math.min(12, gitCommit.length()));
      this.workersMessage = "commit " + gitCommit;
    }
  }
}
