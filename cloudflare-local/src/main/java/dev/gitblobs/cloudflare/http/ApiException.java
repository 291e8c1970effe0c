package dev.gitblobs.cloudflare.http;

/** A request is answered with an error: a status and Cloudflare's code and message. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final int code;

  /** Any status, with Cloudflare's code and message. */
  public ApiException(int status, int code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Status 400. */
  public static ApiException badRequest(int code, String message) {
    return new ApiException(400, code, message);
  }

  /** Status 404. */
  public static ApiException notFound(int code, String message) {
    return new ApiException(404, code, message);
  }

  /** The path leads nowhere. */
  public static ApiException noRoute(String path) {
    return notFound(
        7003, "Could not route to " + path + ", perhaps your object identifier is invalid?");
  }

  /** The status of the answer. */
  public int status() {
    return status;
  }

  /** Cloudflare's code in the envelope. */
  public int code() {
    return code;
  }
}
