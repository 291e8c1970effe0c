package dev.gitblobs.ops.environment;

import java.net.URI;
import java.util.Set;

/** The addresses of this machine, where a secret may travel without https. */
public final class Loopback {
  private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

  private Loopback() {}

  /** Whether that address is one of them. */
  public static boolean is(URI address) {
    return HOSTS.contains(String.valueOf(address.getHost()));
  }
}
