package dev.gitblobs.e2e;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Passes bytes on to a relay, until a connection has carried as many as a fault waits for. */
final class FaultyProxy implements AutoCloseable {
  /** Where bytes go, as the client sees it. */
  enum Direction {
    UP,
    DOWN
  }

  /** What happens to a connection; of the bytes that came last, half has been passed on. */
  @FunctionalInterface
  interface Fault {
    /** Whether that direction goes on afterwards. */
    boolean strike(Link link, Direction direction) throws IOException;
  }

  private record Armed(Direction direction, long bytes, Fault fault) {}

  private final URI relay;
  private final ServerSocket server;
  private final Queue<Armed> armed = new ConcurrentLinkedQueue<>();
  private final Queue<Link> links = new ConcurrentLinkedQueue<>();

  FaultyProxy(String relay) {
    this.relay = URI.create(relay);
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** Strikes the first connection that carries so many bytes in that direction, once. */
  void arm(Direction direction, long bytes, Fault fault) {
    armed.add(new Armed(direction, bytes, fault));
  }

  /** Whether every fault has struck. */
  boolean isSpent() {
    return armed.isEmpty();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "faulty-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        connect(server.accept());
      } catch (IOException e) {
        return; // it was closed
      }
    }
  }

  /** Nobody to pass bytes on to is what it is for a client without a proxy: the connection ends. */
  private void connect(Socket client) throws IOException {
    Socket target;
    try {
      target = new Socket(relay.getHost(), relay.getPort());
    } catch (IOException e) {
      client.close();
      return;
    }
    Link link = new Link(client, target);
    links.add(link);
    start(() -> pump(link, Direction.UP));
    start(() -> pump(link, Direction.DOWN));
  }

  private void pump(Link link, Direction direction) {
    try {
      if (carriesAll(link, direction)) {
        link.close();
      }
    } catch (IOException e) {
      link.close();
    }
  }

  /** Whether the side that sends has ended; else a fault has. */
  private boolean carriesAll(Link link, Direction direction) throws IOException {
    InputStream in = (direction == Direction.UP ? link.client : link.relay).getInputStream();
    OutputStream out = link.target(direction).getOutputStream();
    byte[] buffer = new byte[16_384];
    long passed = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      if (link.isStalled) {
        return false;
      }
      passed += count;
      Optional<Fault> fault = due(direction, passed);
      int first = fault.isEmpty() ? count : count / 2;
      out.write(buffer, 0, first);
      if (fault.isPresent() && !fault.get().strike(link, direction)) {
        return false;
      }
      out.write(buffer, first, count - first);
    }
    return true;
  }

  private Optional<Fault> due(Direction direction, long passed) {
    return armed.stream()
        .filter(one -> one.direction() == direction && passed >= one.bytes())
        .findFirst()
        .filter(armed::remove)
        .map(Armed::fault);
  }

  @Override
  public void close() throws IOException {
    server.close();
    links.forEach(Link::close);
  }

  /** A client's connection, and the one to the relay that belongs to it. */
  static final class Link implements Closeable {
    private final Socket client;
    private final Socket relay;
    private volatile boolean isStalled;

    private Link(Socket client, Socket relay) {
      this.client = client;
      this.relay = relay;
    }

    private Socket target(Direction direction) {
      return direction == Direction.UP ? relay : client;
    }

    /** Both ends are told that there is no more. */
    boolean cut(Direction any) {
      close();
      return false;
    }

    /** Both ends are told that the connection is broken. */
    boolean reset(Direction any) throws IOException {
      client.setSoLinger(true, 0);
      relay.setSoLinger(true, 0);
      close();
      return false;
    }

    /** Nothing moves any more, and nobody is told. */
    boolean stall(Direction any) {
      isStalled = true;
      return false;
    }

    /** One direction ends; the other goes on. */
    boolean halve(Direction direction) throws IOException {
      target(direction).shutdownOutput();
      return false;
    }

    @Override
    public void close() {
      for (Socket socket : new Socket[] {client, relay}) {
        try {
          socket.close();
        } catch (IOException e) {
          // it is closed all the same
        }
      }
    }
  }
}
