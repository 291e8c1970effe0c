package dev.gitblobs.cloudflare.provider;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps what one engine has configured apart from what another has: each connection has its own
 * session, which ends with it. Several engines may so be attached to one provider.
 */
final class Sessions extends ServerTransportFilter implements ServerInterceptor {
  private static final Attributes.Key<AtomicReference<CloudflareApi>> OF_CONNECTION =
      Attributes.Key.create("session");
  private static final Context.Key<AtomicReference<CloudflareApi>> OF_CALL = Context.key("session");

  @Override
  public Attributes transportReady(Attributes attributes) {
    return attributes.toBuilder().set(OF_CONNECTION, new AtomicReference<>()).build();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    var session = call.getAttributes().get(OF_CONNECTION);
    return Contexts.interceptCall(
        Context.current().withValue(OF_CALL, session), call, headers, next);
  }

  static void configure(CloudflareApi api) {
    OF_CALL.get().set(api);
  }

  /**
   * The API as the calling engine has configured it.
   *
   * @throws IllegalStateException if it has not
   */
  static CloudflareApi api() {
    var api = OF_CALL.get().get();
    if (api == null) {
      throw new IllegalStateException(
          "The provider is not configured on this connection; run the command again");
    }
    return api;
  }
}
