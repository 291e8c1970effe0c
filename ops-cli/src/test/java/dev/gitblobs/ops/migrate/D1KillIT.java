package dev.gitblobs.ops.migrate;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("full")
final class D1KillIT extends KillContract {
  private static LocalCloudflare cloudflare;
  private static int count;

  @BeforeAll
  static void startCloudflare() {
    cloudflare = LocalCloudflare.shared();
  }

  @Override
  List<Step> importSteps() {
    return List.of(Step.IMPORT_BEGUN, Step.IMPORT_UPLOADED, Step.IMPORT_INGESTED);
  }

  @Override
  Place newPlace() {
    String id = D1Place.create(cloudflare, "killed-" + ++count);
    return new Place(
        D1Place.open(cloudflare, id),
        List.of("d1", cloudflare.apiUrl(), cloudflare.accountId(), id),
        Map.of("KILLED_RUN_TOKEN", cloudflare.token()));
  }
}
