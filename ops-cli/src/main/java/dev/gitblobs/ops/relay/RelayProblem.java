package dev.gitblobs.ops.relay;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The relay refused a request, or could not be reached (status 0). */
public final class RelayProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  private RelayProblem(String message, int status, String code, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.code = code;
  }

  /** A problem document (RFC 9457), as far as the answer is one. */
  static RelayProblem of(String what, int status, JsonNode document) {
    String code = document.path("code").asText("");
    String title = document.path("title").asText("no reason given");
    String detail = document.path("detail").asText("");
    String request = document.path("request_id").asText("");
    return new RelayProblem(
        what
            + " was refused: "
            + title
            + (detail.isEmpty() || detail.equals(title) ? "" : " (" + detail + ")")
            + "; HTTP "
            + status
            + (code.isEmpty() ? "" : ", " + code)
            + (request.isEmpty() ? "" : ", request " + request),
        status,
        code,
        null);
  }

  static RelayProblem unanswered(String what, Throwable cause) {
    return new RelayProblem(what + " got no answer: " + cause, 0, "", cause);
  }

  /** The HTTP status; 0 when there was no answer. */
  public int status() {
    return status;
  }

  /** The relay's stable code, such as {@code not_found}; empty when it gave none. */
  public String code() {
    return code;
  }
}
