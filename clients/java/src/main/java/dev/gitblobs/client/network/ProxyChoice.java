package dev.gitblobs.client.network;

import dev.gitblobs.client.GitBlobsException;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses the proxy that the environment names for an address, as curl does. */
final class ProxyChoice extends ProxySelector {
  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

  private final @Nullable URI secure;
  private final @Nullable URI plain;
  private final List<String> without;

  private ProxyChoice(@Nullable URI secure, @Nullable URI plain, List<String> without) {
    this.secure = secure;
    this.plain = plain;
    this.without = without;
  }

  static ProxyChoice of(Map<String, String> environment) {
    String without = variable(environment, "no_proxy").toLowerCase(Locale.ROOT);
    return new ProxyChoice(
        proxy(environment, "https_proxy"),
        proxy(environment, "http_proxy"),
        List.of(without.strip().split("[,\\s]+")));
  }

  /** The lower-case name goes first, as everywhere. */
  private static String variable(Map<String, String> environment, String name) {
    String lower = environment.getOrDefault(name, "");
    return lower.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : lower;
  }

  private static @Nullable URI proxy(Map<String, String> environment, String name) {
    String text = variable(environment, name);
    if (text.isEmpty()) {
      text = variable(environment, "all_proxy");
    }
    if (text.isEmpty()) {
      return null;
    }
    try {
      URI uri = new URI(text.contains("://") ? text : "http://" + text);
      if ("http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw unknown(name); // its message may hold a password
    }
    throw unknown(name);
  }

  private static GitBlobsException unknown(String name) {
    return new GitBlobsException(
        "The proxy in "
            + name.toUpperCase(Locale.ROOT)
            + " cannot be used: it must be http://HOST:PORT, with USER:PASSWORD@ before HOST where"
            + " it wants a login.");
  }

  @Override
  public List<Proxy> select(URI address) {
    String scheme = String.valueOf(address.getScheme());
    boolean isSecure = scheme.equals("https") || scheme.equals("wss");
    URI proxy = isSecure ? secure : plain;
    if (proxy == null || address.getHost() == null || isDirect(address)) {
      return DIRECT;
    }
    int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
    return List.of(
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port)));
  }

  private boolean isDirect(URI address) {
    String host = bare(address.getHost().toLowerCase(Locale.ROOT));
    return isThisMachine(host)
        || without.stream().anyMatch(pattern -> matches(pattern, host, address.getPort()));
  }

  private static boolean isThisMachine(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.startsWith("127.")
        || host.equals("::1");
  }

  private static boolean matches(String pattern, String host, int port) {
    if (pattern.equals("*")) {
      return true;
    }
    String name = pattern.replaceFirst("^\\*?\\.", "");
    int colon = name.lastIndexOf(':');
    if (colon > 0 && name.indexOf(':') == colon) {
      if (!name.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      name = name.substring(0, colon);
    }
    name = bare(name);
    return !name.isEmpty() && (host.equals(name) || host.endsWith("." + name));
  }

  /** An IPv6 address without its brackets. */
  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  @Override
  public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
    // whoever sent the request is told
  }

  /** Answers the proxy that wants a login, and nobody else; empty where none is given. */
  Optional<Authenticator> authenticator() {
    boolean hasLogin =
        (secure != null && secure.getRawUserInfo() != null)
            || (plain != null && plain.getRawUserInfo() != null);
    return hasLogin ? Optional.of(new ProxyLogin()) : Optional.empty();
  }

  private final class ProxyLogin extends Authenticator {
    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
      if (getRequestorType() != RequestorType.PROXY) {
        return null;
      }
      for (URI proxy : new @Nullable URI[] {secure, plain}) {
        if (proxy != null
            && proxy.getRawUserInfo() != null
            && proxy.getHost().equalsIgnoreCase(getRequestingHost())) {
          String[] parts = proxy.getRawUserInfo().split(":", 2);
          String password = parts.length == 2 ? parts[1] : "";
          return new PasswordAuthentication(decoded(parts[0]), decoded(password).toCharArray());
        }
      }
      return null;
    }

    private static String decoded(String text) {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
  }
}
