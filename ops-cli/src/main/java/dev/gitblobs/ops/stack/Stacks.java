package dev.gitblobs.ops.stack;

import com.pulumi.automation.LocalWorkspaceOptions;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.local.Instance;
import dev.gitblobs.ops.terminal.Screen;
import dev.gitblobs.ops.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Opens the stack of an environment. */
public final class Stacks {
  /** Config keys of the secrets, and the names under which {@link LocalSecrets} keeps them. */
  private static final Map<String, String> SECRETS = secrets();

  private final Terminal terminal;

  /** Stacks whose progress goes to that terminal. */
  public Stacks(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Stacks that are only read; what the engine's installer says goes to standard error. */
  public static Stacks forReading() {
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    return new Stacks(new Terminal(err, err, false, Screen.ofThisProcess()));
  }

  /**
   * What the last update of an environment's stack came to, wherever it ran. Changes nothing.
   *
   * @return its outputs; empty when the backend has no such stack
   */
  public Map<String, String> outputs(Environment environment) {
    return read(environment, stack -> Optional.of(stack.outputs())).orElse(Map.of());
  }

  /** The relay's admin token as the environment's stack file keeps it, if it does. */
  public Optional<String> adminToken(Environment environment) {
    return read(environment, stack -> stack.setting(Project.NAME + ":adminToken"));
  }

  private <T> Optional<T> read(Environment environment, Function<RelayStack, Optional<T>> read) {
    ensureEngine(environment.project());
    return RelayStack.find(
            environment.name(),
            options(Map.of("PULUMI_SKIP_UPDATE_CHECK", "true")).build(),
            environment.project().root(),
            new ProgramStart(environment.project()),
            terminal)
        .flatMap(
            stack -> {
              try (stack) {
                return read.apply(stack);
              }
            });
  }

  /** Gets the engine when it is missing; may take minutes the first time on a machine. */
  public void ensureEngine(Project project) {
    Engine.ensure(project, terminal::line);
  }

  /**
   * Opens the {@code local} environment's stack on a running local Cloudflare: writes its workspace
   * and makes its secrets where they are missing.
   *
   * @param genuineProvider whether the engine uses Cloudflare's plugin instead of the bundled
   *     provider
   */
  public RelayStack openLocal(Environment environment, Instance instance, boolean genuineProvider) {
    LocalSecrets secrets = new LocalSecrets(environment);
    LocalWorkspaceFiles files = new LocalWorkspaceFiles(environment);
    files.write(instance);
    Map<String, String> variables = new HashMap<>();
    Path backend = environment.state().resolve("backend");
    createFolder(backend);
    StaleLocks.release(backend);
    variables.put(
        "PULUMI_BACKEND_URL", backend.toUri().toString().replaceFirst("^file:/+", "file:///"));
    variables.put("PULUMI_CONFIG_PASSPHRASE_FILE", secrets.file("passphrase").toString());
    variables.put("PULUMI_SKIP_UPDATE_CHECK", "true");
    ProgramStart program = new ProgramStart(environment.project());
    variables.putAll(program.variables());
    if (!genuineProvider) {
      variables.put("PULUMI_DEBUG_PROVIDERS", "cloudflare:" + instance.providerPort());
      // Else the engine looks for the genuine plugin too, for seconds where there is no network.
      variables.put("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true");
    }
    RelayStack stack =
        RelayStack.open(
            environment.name(),
            options(variables).pulumiHome(environment.state().resolve("home")).build(),
            files.folder(),
            program,
            terminal);
    SECRETS.forEach(
        (key, name) -> {
          if (!files.hasSecret(key)) {
            String value = name.isEmpty() ? instance.apiToken() : secrets.value(name);
            setSecret(files.folder(), environment, variables, key, value);
          }
        });
    return stack;
  }

  /** Opens a stack on the operator's own backend, with the repository's stack file. */
  public RelayStack open(Environment environment) {
    ProgramStart program = new ProgramStart(environment.project());
    Map<String, String> variables = new HashMap<>(program.variables());
    variables.put("PULUMI_SKIP_UPDATE_CHECK", "true");
    return RelayStack.open(
        environment.name(),
        options(variables).build(),
        environment.project().root(),
        program,
        terminal);
  }

  private static LocalWorkspaceOptions.Builder options(Map<String, String> variables) {
    Logger quiet = Logger.getLogger("dev.gitblobs.ops.pulumi");
    quiet.setLevel(Level.OFF);
    return LocalWorkspaceOptions.builder().environmentVariables(variables).logger(quiet);
  }

  /**
   * {@code pulumi config set --secret KEY}, the value over standard input: never in an argument.
   */
  private static void setSecret(
      Path folder,
      Environment environment,
      Map<String, String> variables,
      String key,
      String value) {
    ProcessBuilder builder =
        new ProcessBuilder(
                "pulumi",
                "config",
                "set",
                "--secret",
                key,
                "--stack",
                environment.name(),
                "--non-interactive")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(variables);
    builder.environment().put("PULUMI_HOME", environment.state().resolve("home").toString());
    try {
      Process process = builder.start();
      process.getOutputStream().write(value.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new OpsException(
            "Could not store the secret " + key + " in the stack: " + output.strip(),
            "Run the same command again.");
      }
    } catch (IOException e) {
      throw new OpsException("Could not run pulumi.", "Run the same command again.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OpsException("Interrupted while storing a secret.", "Run again.", e);
    }
  }

  private static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new OpsException(
          "Could not make " + folder + ".", "Check that the checkout can be written.", e);
    }
  }

  private static Map<String, String> secrets() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("cloudflare:apiToken", "");
    names.put(Project.NAME + ":jwtSecret", "jwt-secret");
    names.put(Project.NAME + ":passwordPepper", "password-pepper");
    names.put(Project.NAME + ":adminToken", "admin-token");
    return names;
  }
}
