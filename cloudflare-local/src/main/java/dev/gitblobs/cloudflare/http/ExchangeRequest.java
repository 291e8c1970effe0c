package dev.gitblobs.cloudflare.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.InputStream;
import java.util.Optional;

/** A request as the JDK's server has it. */
record ExchangeRequest(HttpExchange exchange) implements Request {
  @Override
  public Optional<String> rawQuery() {
    return Optional.ofNullable(exchange.getRequestURI().getRawQuery());
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  @Override
  public InputStream body() {
    return exchange.getRequestBody();
  }

  @Override
  public int localPort() {
    return exchange.getLocalAddress().getPort();
  }
}
