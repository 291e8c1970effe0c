package dev.gitblobs.cloudflare.http;

import java.io.InputStream;
import java.util.Optional;

/** What a call needs of the request that the server took in. */
public interface Request {
  /** The query as sent, still encoded; empty when there is none. */
  Optional<String> rawQuery();

  /** The first value of a header; empty if it is not there. */
  Optional<String> header(String name);

  /** What is left of the body. */
  InputStream body();

  /** The port at which the request arrived. */
  int localPort();
}
