package dev.gitblobs.ops.provision;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Outputs;
import dev.gitblobs.ops.environment.StateFiles;
import dev.gitblobs.ops.environment.StateLock;
import dev.gitblobs.ops.local.Instance;
import dev.gitblobs.ops.local.LocalCloudflare;
import dev.gitblobs.ops.relay.RelayHealth;
import dev.gitblobs.ops.stack.Changes;
import dev.gitblobs.ops.stack.RelayStack;
import dev.gitblobs.ops.stack.Stacks;
import dev.gitblobs.ops.terminal.Steps;
import dev.gitblobs.ops.terminal.Steps.Outcome;
import dev.gitblobs.ops.terminal.Terminal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Brings an environment up, shows what that would change, takes it down. */
public final class Provisioner {
  private final Environment environment;
  private final Terminal terminal;
  private final Stacks stacks;
  private final LocalCloudflare cloudflare;
  private final boolean genuineProvider;

  /**
   * A provisioner of one environment.
   *
   * @param genuineProvider on {@code local}: whether the engine uses Cloudflare's own plugin
   */
  public Provisioner(Environment environment, Terminal terminal, boolean genuineProvider) {
    this.environment = environment;
    this.terminal = terminal;
    this.stacks = new Stacks(terminal);
    this.cloudflare = new LocalCloudflare(environment);
    this.genuineProvider = genuineProvider;
  }

  /**
   * Builds, provisions, migrates and checks. Run again it changes nothing.
   *
   * @throws OpsException when a step fails; the next run takes up where this one ended
   */
  public UpReport up() throws Exception {
    try (StateLock lock = StateLock.take(environment)) {
      Steps steps = new Steps(terminal);
      Optional<Instance> instance = prepare(steps);
      List<String> first = migrateFirst(steps);
      RelayStack.Update update = steps.run("pulumi", () -> tellingDeath(() -> provision(instance)));
      Outputs outputs = Outputs.of(update.outputs());
      Target target =
          (instance.isPresent()
                  ? Target.of(outputs, instance.get())
                  : Target.of(outputs, Target.remoteApi()))
              .rememberedFor(environment);
      boolean forward = new Rollout(target, terminal).bringForward();
      List<String> migrated = new ArrayList<>(first);
      migrated.addAll(steps.run("migrations", () -> migrate(target)));
      URI url = reachable(target);
      RelayHealth health = steps.run("health", () -> health(target, url));
      return new UpReport(
          environment.name(),
          url.toString(),
          health.healthy(),
          health.version(),
          !update.changes().isEmpty() || forward || !migrated.isEmpty(),
          update.changes(),
          migrated,
          steps.millis(),
          steps.total().toMillis());
    }
  }

  /** What {@link #up} would change in the stack; changes nothing. */
  public RelayStack.Preview preview() throws Exception {
    try (StateLock lock = StateLock.take(environment)) {
      Steps steps = new Steps(terminal);
      Optional<Instance> instance = prepare(steps);
      return steps.run(
          "preview",
          () -> {
            try (RelayStack stack = open(instance)) {
              RelayStack.Preview preview = stack.preview();
              return new Outcome<>(preview, preview.changes().phrase());
            }
          });
    }
  }

  /**
   * Removes the environment. A local one goes with its processes and state; of any other only the
   * resources go, and only when they are not protected.
   *
   * @return whether there was anything to remove
   */
  public boolean down() throws Exception {
    try (StateLock lock = StateLock.take(environment)) {
      Steps steps = new Steps(terminal);
      if (!environment.isLocal()) {
        stacks.ensureEngine(environment.project());
        boolean wasThere = steps.run("pulumi", () -> destroy(Optional.empty()));
        Outputs.forget(environment);
        return wasThere;
      }
      boolean wasUp = Outputs.remembered(environment).isPresent();
      Optional<Instance> instance = cloudflare.running();
      if (instance.isPresent() && wasUp) {
        steps.run("pulumi", () -> destroy(instance));
      }
      steps.run("cloudflare", () -> new Outcome<>(cloudflare.stop(), "stopped"));
      steps.run(
          "state",
          () -> {
            StateFiles.deleteTree(environment.state());
            lock.forgetFile();
            return new Outcome<>(true, "removed " + environment.state());
          });
      return wasUp || instance.isPresent();
    }
  }

  private Optional<Instance> prepare(Steps steps) throws Exception {
    steps.run("build", () -> new Outcome<>(true, artifacts().ensureBundle()));
    stacks.ensureEngine(environment.project());
    if (!environment.isLocal()) {
      return Optional.empty();
    }
    return Optional.of(steps.run("cloudflare", this::ensureCloudflare));
  }

  private Artifacts artifacts() {
    return new Artifacts(environment.project(), environment.isLocal());
  }

  private Outcome<Instance> ensureCloudflare() {
    Optional<Instance> running = cloudflare.running();
    if (running.isPresent()) {
      return new Outcome<>(running.get(), "running at " + running.get().apiUrl());
    }
    String why = cloudflare.isStale() ? "was killed; started again" : "started";
    Instance instance = cloudflare.start();
    return new Outcome<>(instance, why + " at " + instance.apiUrl() + ", pid " + instance.pid());
  }

  private RelayStack open(Optional<Instance> instance) {
    return instance.isPresent()
        ? stacks.openLocal(environment, instance.get(), genuineProvider)
        : stacks.open(environment);
  }

  private Outcome<RelayStack.Update> provision(Optional<Instance> instance) throws Exception {
    try (RelayStack stack = open(instance)) {
      RelayStack.Update update = stack.up();
      String tag = update.outputs().getOrDefault("durableObjectMigration", "");
      if (!tag.isEmpty()) {
        // The steps went in with the script, and are state now: the next update takes them out
        // again (Cloudflare refuses them twice). Doing it here keeps the operator's next preview
        // empty.
        terminal.line("    Durable Objects are at " + tag + "; settling the state");
        stack.up();
      }
      return new Outcome<>(update, update.changes().phrase());
    }
  }

  /** Says so when the reason of a failure is that the local Cloudflare is gone. */
  private <T> T tellingDeath(Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (OpsException e) {
      if (environment.isLocal() && cloudflare.running().isEmpty()) {
        throw new OpsException(
            "The local Cloudflare ended in the middle of the update.",
            "Run the same command again: it starts anew and takes up where this one ended. Its log is "
                + cloudflare.log()
                + ".",
            e);
      }
      throw e;
    }
  }

  private Outcome<Boolean> destroy(Optional<Instance> instance) throws Exception {
    try (RelayStack stack = open(instance)) {
      Changes changes = stack.destroy();
      return new Outcome<>(!changes.isEmpty(), changes.phrase());
    }
  }

  /**
   * New code must find its tables: where users depend on what serves, the database goes first. A
   * new environment has none yet.
   */
  private List<String> migrateFirst(Steps steps) throws Exception {
    if (environment.isDisposable()) {
      return List.of();
    }
    Optional<Target> serving =
        Target.find(environment).filter(found -> !found.deployments().serving().isEmpty());
    return serving.isPresent() ? steps.run("migrations", () -> migrate(serving.get())) : List.of();
  }

  private Outcome<List<String>> migrate(Target target) {
    List<String> applied = new Schema(environment, target, terminal).migrate();
    String phrase =
        applied.isEmpty()
            ? "none pending"
            : applied.size() + " applied, up to " + applied.get(applied.size() - 1);
    return new Outcome<>(applied, phrase);
  }

  private URI reachable(Target target) {
    if (target.url() == null) {
      throw new OpsException(
          "Nobody can reach the relay of '"
              + environment.name()
              + "': it has neither a host name nor a workers.dev address.",
          "Set zoneId and hostname, or workersDev, in "
              + environment.project().stackFile(environment.name())
              + ", then run relayctl up again.");
    }
    return target.url();
  }

  private Outcome<RelayHealth> health(Target target, URI url) throws InterruptedException {
    RelayHealth health = new Rollout(target, terminal).awaitHealth(url);
    Optional<String> bundle = artifacts().bundleVersion();
    if (!health.healthy()) {
      throw new OpsException(
          "The relay at " + url + " is not healthy: " + health.detail(),
          environment.isLocal()
              ? "Its log is " + cloudflare.log() + "."
              : "See its logs in the Cloudflare dashboard, and roll back if users are affected.");
    }
    if (bundle.isPresent() && !bundle.get().equals(health.version())) {
      throw new OpsException(
          "The relay at "
              + url
              + " serves version "
              + health.version()
              + ", but the bundle is version "
              + bundle.get()
              + ".",
          "Somebody uploaded another one behind the stack's back: run pulumi refresh --stack "
              + environment.name()
              + ", then run relayctl up again.");
    }
    return new Outcome<>(health, url + "/health answers, version " + health.version());
  }

  /**
   * Passes when the environment may be removed.
   *
   * @throws OpsException when it is protected
   */
  public void refuseWhenProtected() {
    if (!environment.isDisposable()) {
      String name = environment.name();
      throw new OpsException(
          "The environment '" + name + "' is protected; nothing was removed.",
          "If its data may really go: pulumi state unprotect --all --stack "
              + name
              + ", then pulumi destroy --stack "
              + name
              + ". Its database stays on Cloudflare until you delete it there.");
    }
  }
}
