package dev.gitblobs.cloudflare.provider;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/** Serves the provider on loopback, for engines that attach with {@code PULUMI_DEBUG_PROVIDERS}. */
public final class ProviderServer implements Closeable {
  /** Inputs and state of a resource travel in one message; a script's text may be 10 MB. */
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private final Server server;

  private ProviderServer(Server server) {
    this.server = server;
  }

  /**
   * Starts serving.
   *
   * @param port the port on 127.0.0.1, or 0 for any free one
   * @throws IOException if the port cannot be had
   */
  public static ProviderServer start(int port) throws IOException {
    return start(port, System.getenv());
  }

  static ProviderServer start(int port, Map<String, String> environment) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var sessions = new Sessions();
    return new ProviderServer(
        NettyServerBuilder.forAddress(address)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .addTransportFilter(sessions)
            .intercept(sessions)
            .addService(new CloudflareProvider(environment))
            .build()
            .start());
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return server.getPort();
  }

  /** Ends at once: an engine that is still attached reads that its connection is gone. */
  @Override
  public void close() {
    server.shutdownNow();
  }
}
