package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** Which addresses a login may be sent to. */
final class RelayUrl {
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private RelayUrl() {}

  /** The address as scheme, host and port. Throws when passwords would travel in the clear. */
  static String checked(String url) {
    try {
      URI uri = new URI(url);
      String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
      String scheme = String.valueOf(uri.getScheme());
      boolean isSafe =
          scheme.equals("https")
              || (scheme.equals("http")
                  && (THIS_MACHINE.contains(host) || host.endsWith(".localhost")));
      boolean isBare =
          uri.getUserInfo() == null
              && uri.getQuery() == null
              && uri.getFragment() == null
              && !hasPath(uri);
      if (isSafe && !host.isEmpty() && hasPath(uri)) {
        throw new GitBlobsException(
            "Not a relay's address: a relay is reached at the root of a host of its own, and not"
                + " behind a path ("
                + uri.getPath()
                + "). Say "
                + scheme
                + "://"
                + uri.getAuthority()
                + " if it is there.");
      }
      if (isSafe && isBare && !host.isEmpty()) {
        return scheme + "://" + host + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
      }
    } catch (URISyntaxException e) {
      throw new GitBlobsException("Not a relay's address: " + e.getReason() + ".", e);
    }
    throw new GitBlobsException(
        "Not a relay's address: it must be https://HOST, or http:// to this machine, no more.");
  }

  private static boolean hasPath(URI uri) {
    return !uri.getPath().isEmpty() && !uri.getPath().equals("/");
  }
}
