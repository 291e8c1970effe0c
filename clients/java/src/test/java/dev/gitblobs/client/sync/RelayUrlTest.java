package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.GitBlobsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayUrlTest {
  @ParameterizedTest
  @CsvSource({
    "https://relay.example.org, https://relay.example.org",
    "https://Relay.Example.ORG/, https://relay.example.org",
    "https://relay.example.org:8443, https://relay.example.org:8443",
    "https://evil-localhost, https://evil-localhost",
    "http://localhost:8787, http://localhost:8787",
    "http://127.0.0.1:80/, http://127.0.0.1:80",
    "http://[::1]:8787, http://[::1]:8787",
    "http://relay.localhost, http://relay.localhost"
  })
  void takesHttpsAndThisMachineAndKeepsHostAndPort(String url, String kept) {
    assertThat(RelayUrl.checked(url)).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://relay.example.org",
        "http://evil-localhost",
        "http://evillocalhost:8787",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://127.0.0.2",
        "ws://localhost",
        "ftp://localhost"
      })
  void sendsNoPasswordInTheClearToAnotherMachine(String url) {
    isRefused(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relay.example.org",
        "https://",
        "https:///path",
        "https://ada@relay.example.org",
        "https://relay.example.org/ws",
        "https://relay.example.org?x=1",
        "https://relay.example.org#x"
      })
  void takesAnAddressAndNothingMore(String url) {
    isRefused(url);
  }

  @Test
  void saysWhatIsWrongWithAnAddressThatIsNone() {
    assertThatThrownBy(() -> RelayUrl.checked("https://a b"))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("Illegal character");
  }

  private static void isRefused(String url) {
    assertThatThrownBy(() -> RelayUrl.checked(url))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("address");
  }
}
