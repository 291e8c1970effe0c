package dev.gitblobs.ops.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.ops.environment.OpsException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {
  @Test
  void takesAnApiOverHttpsOrOnThisMachine() {
    assertThat(Target.apiRoot(" https://example.com/client/v4 "))
        .isEqualTo(URI.create("https://example.com/client/v4"));
    assertThat(Target.apiRoot("http://127.0.0.1:8787/client/v4")).hasPort(8787);
  }

  @ParameterizedTest
  @ValueSource(strings = {"api.cloudflare.com", "http://example.com", "ht tp://x", "file:///x"})
  void sendsTheTokenNowhereElseAndSaysWhichVariableIsWrong(String root) {
    assertThatThrownBy(() -> Target.apiRoot(root))
        .isInstanceOfSatisfying(OpsException.class, e -> assertThat(e.isUsage()).isTrue())
        .hasMessageContaining("CLOUDFLARE_BASE_URL is '" + root + "'");
  }
}
