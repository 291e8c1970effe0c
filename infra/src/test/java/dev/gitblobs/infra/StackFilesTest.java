package dev.gitblobs.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

final class StackFilesTest {
  @ParameterizedTest
  @ValueSource(strings = {"local", "dev", "staging", "prod"})
  void needsOnlyTheOperatorsIdsAndSecrets(String stack) throws IOException {
    var settings = StackSettingsTest.read(stack, committed(stack));

    assertThat(settings.environment()).isEqualTo(stack);
    assertThat(settings.protect()).isEqualTo(!stack.equals("local"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"staging", "prod"})
  void keepsWorkersDevOffWhereThereIsAHostName(String stack) throws IOException {
    assertThat(StackSettingsTest.read(stack, committed(stack)).workersDev()).isFalse();
  }

  private static Map<String, String> committed(String stack) throws IOException {
    var file = Path.of("stacks", "Pulumi." + stack + ".yaml");
    Map<String, Map<String, Object>> yaml = new Yaml().load(Files.readString(file));
    var values = new TreeMap<String, String>();
    yaml.getOrDefault("config", Map.of())
        .forEach(
            (key, value) ->
                values.put(key.substring(StackConfig.NAMESPACE.length()), value.toString()));
    return values;
  }
}
