package dev.gitblobs.client.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.GitBlobsException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyChoiceTest {
  private static String proxyOf(Map<String, String> environment, String address) {
    Proxy proxy = ProxyChoice.of(environment).select(URI.create(address)).get(0);
    return proxy.address() instanceof InetSocketAddress at
        ? at.getHostString() + ":" + at.getPort()
        : "direct";
  }

  @Test
  void goesDirectlyWhereNoProxyIsNamed() {
    assertThat(proxyOf(Map.of(), "https://relay.example.org")).isEqualTo("direct");
    assertThat(proxyOf(Map.of("HTTPS_PROXY", ""), "https://relay.example.org")).isEqualTo("direct");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS_PROXY, http://proxy.corp:3128, https://relay.example.org, proxy.corp:3128",
    "HTTPS_PROXY, http://proxy.corp:3128/, wss://relay.example.org/ws, proxy.corp:3128",
    "https_proxy, proxy.corp:3128, https://relay.example.org, proxy.corp:3128",
    "HTTPS_PROXY, http://proxy.corp, https://relay.example.org, proxy.corp:80",
    "HTTPS_PROXY, http://ada:secret@proxy.corp:3128, https://relay.example.org, proxy.corp:3128",
    "HTTPS_PROXY, http://proxy.corp:3128, http://relay.example.org, direct",
    "HTTP_PROXY, http://proxy.corp:3128, http://relay.example.org, proxy.corp:3128",
    "ALL_PROXY, http://proxy.corp:3128, https://relay.example.org, proxy.corp:3128",
  })
  void goesThroughTheProxyThatIsNamed(String name, String value, String address, String proxy) {
    assertThat(proxyOf(Map.of(name, value), address)).isEqualTo(proxy);
  }

  @Test
  void putsTheLowerCaseNameFirst() {
    Map<String, String> both = Map.of("HTTPS_PROXY", "http://upper:1", "https_proxy", "lower:2");
    assertThat(proxyOf(both, "https://relay.example.org")).isEqualTo("lower:2");
  }

  @ParameterizedTest
  @CsvSource({
    "'', https://relay.example.org, proxy",
    "example.org, https://relay.example.org, direct",
    "EXAMPLE.org, https://Relay.Example.ORG, direct",
    ".example.org, https://relay.example.org, direct",
    "*.example.org, https://relay.example.org, direct",
    "ample.org, https://relay.example.org, proxy",
    "'other.test, relay.example.org', https://relay.example.org, direct",
    "other.test relay.example.org, https://relay.example.org, direct",
    "relay.example.org:8443, https://relay.example.org:8443, direct",
    "relay.example.org:8443, https://relay.example.org, proxy",
    "*, https://relay.example.org, direct",
    "10.0.0.7, https://10.0.0.7, direct",
    "fd00::7, https://[fd00::7]:8443, direct",
    "'', http://localhost:8787, direct",
    "'', http://127.0.0.1:8787, direct",
    "'', http://[::1]:8787, direct",
    "'', http://relay.localhost:8787, direct",
  })
  void goesDirectlyToWhatNoProxyNamesAndToThisMachine(String without, String address, String way) {
    Map<String, String> environment = Map.of("ALL_PROXY", "proxy:1", "NO_PROXY", without);
    assertThat(proxyOf(environment, address)).isEqualTo(way.equals("proxy") ? "proxy:1" : way);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"socks5://proxy:1", "https://proxy:1", "http://", "http://ada:secret@ proxy:1"})
  void saysWhichProxyCannotBeUsedAndNotItsPassword(String value) {
    assertThatThrownBy(() -> ProxyChoice.of(Map.of("HTTPS_PROXY", value)))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("HTTPS_PROXY cannot be used")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }
}
