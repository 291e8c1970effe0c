package dev.gitblobs.ops.migrate;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.D1;
import java.net.URI;

/** D1 databases of a running local Cloudflare. */
final class D1Place {
  private D1Place() {}

  /** Makes a new database; its id. */
  static String create(LocalCloudflare cloudflare, String name) {
    return cloudflare
        .send("POST", cloudflare.account("/d1/database"), "{\"name\":\"" + name + "\"}")
        .result()
        .path("uuid")
        .asText();
  }

  /** Reaches it through relayctl's own client. */
  static SqlDatabase open(LocalCloudflare cloudflare, String id) {
    ApiClient api = new ApiClient(URI.create(cloudflare.apiUrl()), cloudflare.token());
    return new D1Database(new D1(api, cloudflare.accountId(), id));
  }
}
