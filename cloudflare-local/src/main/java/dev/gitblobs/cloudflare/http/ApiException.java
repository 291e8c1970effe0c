package dev.gitblobs.cloudflare.http;

/** A request is answered with an error: a status and Cloudflare's code and message. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final int code;

  public ApiException(int status, int code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  public static ApiException badRequest(int code, String message) {
    return new ApiException(400, code, message);
  }

  public static ApiException notFound(int code, String message) {
    return new ApiException(404, code, message);
  }

  /** The path leads nowhere. */
  public static ApiException noRoute(String path) {
    return notFound(
        7003, "Could not route to " + path + ", perhaps your object identifier is invalid?");
  }

  public int status() {
    return status;
  }

  public int code() {
    return code;
  }
}
