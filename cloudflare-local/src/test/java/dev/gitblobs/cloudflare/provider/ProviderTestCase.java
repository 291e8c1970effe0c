package dev.gitblobs.cloudflare.provider;

import com.google.protobuf.Struct;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;

/** A provider with an engine's client on one side and an API that answers as told on the other. */
abstract class ProviderTestCase {
  static final String ACCOUNT = "0123456789abcdef0123456789abcdef";
  static final String A = "/accounts/" + ACCOUNT;
  static final String Z = "/zones/" + ACCOUNT;

  final FakeCloudflare cloudflare = new FakeCloudflare();
  final ProviderServer server = startServer();
  final ProviderClient engine = new ProviderClient(server).configured(cloudflare.baseUrl());

  private static ProviderServer startServer() {
    try {
      return ProviderServer.start(0, Map.of());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    engine.close();
    server.close();
    cloudflare.close();
  }

  static ThrowableAssertAlternative<StatusRuntimeException> assertFails(Runnable call) {
    return Assertions.assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(call::run);
  }

  /** A struct as JSON, secrets opened. */
  static String json(Struct struct) {
    return Wire.toJson(struct).toString();
  }
}
