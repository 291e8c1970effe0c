package dev.gitblobs.ops.stack;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.environment.StateFiles;
import dev.gitblobs.ops.local.Instance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The Pulumi workspace of the {@code local} environment, made in its state folder so that bringing
 * it up leaves the checkout as it was. Its stack file is the repository's, plus what only this
 * machine knows: account, zone and address of the local Cloudflare, and the encrypted secrets.
 */
final class LocalWorkspaceFiles {
  private static final String CONFIG = "config";

  private final Environment environment;
  private final Path folder;

  LocalWorkspaceFiles(Environment environment) {
    this.environment = environment;
    this.folder = environment.state().resolve("pulumi");
  }

  /** The workspace's folder, with its Pulumi.yaml. */
  Path folder() {
    return folder;
  }

  /** Writes both files anew where they differ, keeping encrypted values and their salt. */
  void write(Instance instance) {
    Map<String, Object> project = load(environment.project().root().resolve("Pulumi.yaml"));
    project.remove("stackConfigDir");
    project.put("main", environment.project().root().toString());
    project.put(
        "runtime",
        Map.of(
            "name",
            "java",
            "options",
            Map.of("binary", environment.project().infraJar().toString())));
    save(folder.resolve("Pulumi.yaml"), project);

    Map<String, Object> stack = load(environment.project().stackFile(environment.name()));
    Map<String, Object> config = config(stack);
    config.put("cloudflare:baseUrl", instance.apiUrl().toString());
    config.put(Project.NAME + ":accountId", instance.accountId());
    config.put(Project.NAME + ":zoneId", instance.zoneId());
    config.put(Project.NAME + ":hostname", instance.zoneName());
    Map<String, Object> before = stackFileExists() ? load(stackFile()) : Map.of();
    config(before).forEach((key, value) -> keepSecret(config, key, value));
    if (before.get("encryptionsalt") != null) {
      stack.put("encryptionsalt", before.get("encryptionsalt"));
    }
    save(stackFile(), stack);
  }

  /** Whether the stack has a secret under that key. */
  boolean hasSecret(String key) {
    return stackFileExists() && config(load(stackFile())).containsKey(key);
  }

  private Path stackFile() {
    return folder.resolve("Pulumi." + environment.name() + ".yaml");
  }

  private boolean stackFileExists() {
    return Files.exists(stackFile());
  }

  private static void keepSecret(Map<String, Object> config, String key, Object value) {
    if (value instanceof Map<?, ?> map && map.containsKey("secure")) {
      config.put(key, value);
    }
  }

  @SuppressWarnings("unchecked") // YAML maps of a stack file have string keys
  private static Map<String, Object> config(Map<String, Object> stack) {
    if (stack.get(CONFIG) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    Map<String, Object> fresh = new LinkedHashMap<>();
    if (!stack.isEmpty()) {
      stack.put(CONFIG, fresh);
    }
    return fresh;
  }

  @SuppressWarnings("unchecked") // checked to be a map; keys of these files are strings
  private static Map<String, Object> load(Path file) {
    try {
      if (new Yaml().load(StateFiles.read(file)) instanceof Map<?, ?> map) {
        return new LinkedHashMap<>((Map<String, Object>) map);
      }
      throw new OpsException(file + " holds no settings.", "Restore it from the repository.");
    } catch (YAMLException e) {
      throw new OpsException(
          file + " is not YAML: " + e.getMessage(), "Mend the file and run the command again.", e);
    }
  }

  private static void save(Path file, Map<String, Object> content) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    String text = new Yaml(options).dump(content);
    if (!Files.exists(file) || !StateFiles.read(file).equals(text)) {
      StateFiles.write(file, text);
    }
  }
}
