package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The relay that the client's tests use does what the real one does: see the worker's test. */
class RelayContractTest {
  private static final Path FILE = Path.of("../../protocol/vectors/relay-contract.json");

  private static int played;
  private static int scenarios;

  @TestFactory
  Stream<DynamicTest> keepsTheContract() throws IOException {
    JsonNode list = new JsonMapper().readTree(FILE.toFile()).get("scenarios");
    scenarios = list.size();
    return StreamSupport.stream(list.spliterator(), false)
        .map(
            scenario ->
                DynamicTest.dynamicTest(scenario.get("name").textValue(), () -> play(scenario)));
  }

  private static void play(JsonNode scenario) {
    ContractPlay.run(scenario);
    played++;
  }

  @AfterAll
  static void playedEveryScenario() {
    assertThat(played).isEqualTo(scenarios).isPositive();
  }
}
