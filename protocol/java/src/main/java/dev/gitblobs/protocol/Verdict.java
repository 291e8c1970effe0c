package dev.gitblobs.protocol;

import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a client goes on after an answer, or after none (PROTOCOL.md 8.1): equal to {@code
 * protocol/vectors/verdicts.json}.
 */
public enum Verdict {
  /** Take what is newer and send again, after the pause that was asked for. */
  NOW,
  /** Send the same again with full jitter, and not before the pause that was asked for. */
  WAIT,
  /** Refresh the token once, then send again. */
  RENEW,
  /** Only the user can go on. At {@link Call#REFRESH} the login has ended. */
  ASK,
  /** Tell the user; the login stays. */
  STOP;

  /** What a verdict is on. */
  public enum Call {
    LOGIN,
    REFRESH,
    /** Every request that carries an access token. */
    HTTP,
    UPGRADE
  }

  /** On no answer, and on one that is not the relay's: whoever gave it may end nothing. */
  public static final Verdict ON_STRANGER = WAIT;

  /** Media type of the relay's own problem documents. */
  public static final String PROBLEM_MEDIA_TYPE = "application/problem+json";

  private static final String PROBLEM_TYPE = "urn:gitblobs:problem:";

  private record Row(Verdict login, Verdict refresh, Verdict http, Verdict upgrade) {
    Row(Verdict any) {
      this(any, any, any, any);
    }

    Verdict at(Call call) {
      return switch (call) {
        case LOGIN -> login;
        case REFRESH -> refresh;
        case HTTP -> http;
        case UPGRADE -> upgrade;
      };
    }
  }

  private static final Row ON_TOKEN = new Row(ASK, ASK, RENEW, RENEW);
  private static final Row ON_DISABLED = new Row(STOP, ASK, STOP, STOP);
  private static final Row ON_USER = new Row(ASK, STOP, ASK, ASK);

  private static final Map<String, Row> BY_CODE =
      Stream.of(
              rows(
                  ON_TOKEN,
                  "not_authenticated",
                  "session_ended",
                  "invalid_refresh_token",
                  "refresh_reused"),
              rows(ON_DISABLED, "account_disabled"),
              rows(
                  ON_USER,
                  "invalid_credentials",
                  "password_expired",
                  "password_change_required",
                  "wrong_password",
                  "weak_password",
                  "username_taken",
                  "quota",
                  "no_store",
                  "store_removed"),
              rows(new Row(NOW), "refresh_raced", "ref_conflict", "missing"),
              rows(
                  new Row(WAIT),
                  "too_many_stores",
                  "too_many_sockets",
                  "too_many_requests",
                  "login_throttled",
                  "internal",
                  "body_too_slow",
                  "busy",
                  "database_unavailable",
                  "misconfigured",
                  "keys_unavailable"),
              rows(
                  new Row(STOP),
                  "invalid_json",
                  "invalid_body",
                  "invalid_query",
                  "bad_next",
                  "bad_request_frame",
                  "forbidden",
                  "origin_refused",
                  "https_required",
                  "not_found",
                  "method_not_allowed",
                  "mid_reused",
                  "last_admin",
                  "body_too_large",
                  "unsupported_media_type",
                  "too_many",
                  "upgrade_required"))
          .flatMap(rows -> rows.entrySet().stream())
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private static final Set<Integer> PASSING = Set.of(408, 409, 425, 429);

  private static Map<String, Row> rows(Row row, String... codes) {
    return Stream.of(codes).collect(Collectors.toMap(Function.identity(), code -> row));
  }

  /**
   * Whether an answer is the relay's own problem document, and nobody's who stands in between.
   *
   * @param mediaType the header Content-Type, or ""
   * @param type the document's member of that name, or ""
   * @param code the document's member of that name, or ""
   */
  public static boolean isRelayProblem(String mediaType, String type, String code) {
    int end = mediaType.indexOf(';');
    String bare = (end < 0 ? mediaType : mediaType.substring(0, end)).strip();
    return bare.equalsIgnoreCase(PROBLEM_MEDIA_TYPE)
        && !code.isEmpty()
        && type.equals(PROBLEM_TYPE + code);
  }

  /** On the relay's own problem document; a code this version does not know goes by its status. */
  public static Verdict onProblem(Call call, int status, String code) {
    Row known = BY_CODE.get(code);
    return (known == null ? byStatus(status) : known).at(call);
  }

  private static Row byStatus(int status) {
    if (status == 401) {
      return ON_TOKEN;
    }
    if (status == 507) {
      return ON_USER;
    }
    return new Row(status >= 500 || PASSING.contains(status) ? WAIT : STOP);
  }

  /** On an {@code error} of a connection (PROTOCOL.md 7). */
  public static Verdict onError(Retry retry) {
    return switch (retry) {
      case NO -> STOP;
      case NOW, REPULL -> NOW;
      case AFTER -> WAIT;
      case REAUTH -> RENEW;
    };
  }

  /** On the end of a connection. */
  public static Verdict onClose(int code) {
    return of(CloseCode.after(code));
  }

  private static Verdict of(AfterClose then) {
    return switch (then) {
      case RECONNECT -> WAIT;
      case REFRESH -> RENEW;
      case STOP -> STOP;
    };
  }

  /** How a connection's owner goes on: the same in its words. */
  public AfterClose afterClose() {
    return switch (this) {
      case NOW, WAIT -> AfterClose.RECONNECT;
      case RENEW -> AfterClose.REFRESH;
      case ASK, STOP -> AfterClose.STOP;
    };
  }
}
