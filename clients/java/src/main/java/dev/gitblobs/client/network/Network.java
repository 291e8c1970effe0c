package dev.gitblobs.client.network;

import java.net.Authenticator;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The way out to the network, as the environment and the user say. */
public final class Network {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Network() {}

  /**
   * A client that goes through the proxy that {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code
   * NO_PROXY} name, and trusts the Java's and the system's authorities, those in {@code
   * NODE_EXTRA_CA_CERTS} and {@code SSL_CERT_FILE}, and these.
   *
   * @param authorities files of certificates in PEM
   * @throws dev.gitblobs.client.GitBlobsException when a proxy is not one, or a file no
   *     certificates; says which
   */
  public static HttpClient client(Map<String, String> environment, List<Path> authorities) {
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
    ProxyChoice proxies = ProxyChoice.of(environment);
    client.proxy(proxies);
    Optional<Authenticator> login = proxies.authenticator();
    login.ifPresent(client::authenticator);
    List<Path> own = new ArrayList<>(authorities);
    for (String name : List.of("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")) {
      String file = environment.getOrDefault(name, "");
      if (!file.isEmpty()) {
        own.add(Path.of(file));
      }
    }
    return client.sslContext(Trust.context(own)).build();
  }
}
