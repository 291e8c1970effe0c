package dev.gitblobs.ops.doctor;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.environment.StateFiles;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What an environment's stack file says, as far as a check needs it. Whether it is right is for the
 * program to say; here a file that cannot be read says nothing.
 *
 * @param config its settings by their whole keys
 */
record StackFile(Map<?, ?> config) {
  static StackFile of(Environment environment) {
    String text = StateFiles.read(environment.project().stackFile(environment.name()));
    try {
      Object file = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
      return file instanceof Map<?, ?> map && map.get("config") instanceof Map<?, ?> config
          ? new StackFile(config)
          : new StackFile(Map.of());
    } catch (YAMLException e) {
      return new StackFile(Map.of());
    }
  }

  /** A setting in plain text of the relay's own. */
  Optional<String> value(String key) {
    return Optional.ofNullable(config.get(Project.NAME + ":" + key))
        .filter(value -> value instanceof String)
        .map(String::valueOf);
  }
}
