package dev.gitblobs.client.sync;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.Verdict;
import dev.gitblobs.protocol.Verdict.Call;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Login, refresh, logout and who-am-I at one relay, and the access token for everything else. Every
 * failure says by {@link ConnectionLostException#then} whether the same may succeed later.
 */
public final class RelayAccount {
  /** A token is renewed when this little of its life is left. */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  /** So often is a refresh tried that somebody else is about to make. */
  private static final int MAX_RACES = 5;

  private final RelayHttp http;
  private final String url;
  private final LoginFile logins;
  private final CurrentLogin current;
  private final InstantSource clock;
  private final Pauses pauses;

  /** The account at this relay. {@code url} must be https, or http to this machine. */
  public RelayAccount(HttpClient http, String url, LoginFile logins, InstantSource clock) {
    this(http, url, logins, clock, Pauses.REAL);
  }

  RelayAccount(HttpClient http, String url, LoginFile logins, InstantSource clock, Pauses pauses) {
    this.url = RelayUrl.checked(url);
    this.http = new RelayHttp(http, this.url, clock);
    this.logins = logins;
    this.current = new CurrentLogin(logins, this.url);
    this.clock = clock;
    this.pauses = pauses;
  }

  /** The relay's address without a path. */
  public String url() {
    return url;
  }

  RelayHttp http() {
    return http;
  }

  InstantSource clock() {
    return clock;
  }

  /** Logs in and keeps the login. Throws with the relay's reason. */
  public Login login(String username, String password, String device) {
    Json.Obj body =
        Json.object(
            "username", Json.of(username),
            "password", Json.of(password),
            "device", Json.of(device));
    String tried = "log in as " + username;
    RelayHttp.Reply reply = http.send(Call.LOGIN, "POST", "/login", body, "");
    Login login = grant(expect(reply, tried), tried);
    logins.put(login);
    return login;
  }

  /**
   * Ends the session at the relay and forgets it here. Forgets it even when the relay cannot be
   * reached or refuses, and then throws: the session may go on there until it expires.
   */
  public void logout() {
    if (current.find().isEmpty()) {
      return;
    }
    try {
      String token = accessToken();
      RelayHttp.Reply reply = http.send(Call.HTTP, "POST", "/logout", Json.object(), token);
      if (!reply.isRefused(Verdict.RENEW)) {
        expectNothing(reply, "log out"); // a session that has ended already is what was wanted
      }
    } finally {
      current.forget();
    }
  }

  /** Changes the own password; ends the user's other sessions. */
  public void changePassword(String current, String next) {
    Json.Obj body =
        Json.object("current_password", Json.of(current), "new_password", Json.of(next));
    expectNothing(authorized("PUT", "/password", body), "change the password");
  }

  /** What the relay says about the user and the session. */
  public Json.Obj whoAmI() {
    return expect(authorized("GET", "/me", null), "ask who is logged in");
  }

  /** The user's stores at the relay, by name. */
  public List<HeldStore> stores() {
    String tried = "list the stores";
    Json.Obj answer = expect(authorized("GET", "/stores", null), tried);
    if (answer.get("stores").orElse(Json.Nil.NULL) instanceof Json.Arr items) {
      return items.items().stream().flatMap(item -> HeldStore.read(item).stream()).toList();
    }
    throw RelayProblem.foreign("its answer has no stores", Optional.empty())
        .toException(tried, url);
  }

  /**
   * Removes this very store from the relay, with all it holds there; copies on devices stay. Throws
   * when it is gone already, also when another one has its name by now.
   */
  public void removeStore(HeldStore store) {
    String path = "/stores/" + store.name() + "?id=" + store.id();
    expectNothing(authorized("DELETE", path, null), "remove the store " + store.name());
  }

  /** Makes a store of that name, or tells of the one that is there. */
  MadeStore makeStore(String name) {
    String tried = "make the store " + name;
    Json.Obj body = Json.object("name", Json.of(name));
    Json.Obj answer = expect(authorized("POST", "/stores", body), tried);
    if (answer.get("id").orElse(Json.Nil.NULL) instanceof Json.Num id) {
      boolean isMade = answer.get("made").equals(Optional.of(Json.of(true)));
      return new MadeStore((long) id.value(), required(answer, "epoch", tried), isMade);
    }
    throw RelayProblem.foreign("its answer has no id", Optional.empty()).toException(tried, url);
  }

  /** A request as the user who is logged in; with a fresh token once where the first is refused. */
  private RelayHttp.Reply authorized(String method, String path, Json.@Nullable Obj body) {
    String token = accessToken();
    RelayHttp.Reply reply = http.send(Call.HTTP, method, path, body, token);
    return reply.isRefused(Verdict.RENEW)
        ? http.send(Call.HTTP, method, path, body, accessTokenOtherThan(token))
        : reply;
  }

  /** A token that is good for a while; refreshes it where needed. Throws when not logged in. */
  public String accessToken() {
    Login login = login();
    return (isGood(login) ? login : renewed(login.accessToken())).accessToken();
  }

  private boolean isGood(Login login) {
    return login.expiresAt().minus(MARGIN).isAfter(clock.instant());
  }

  private Login login() {
    return current
        .find()
        .orElseThrow(
            () ->
                new ConnectionLostException(
                    "Not logged in at " + url + ". Run `gitblobs login " + url + "`.",
                    AfterClose.STOP,
                    null));
  }

  /**
   * A token other than this one, which the relay does not accept or soon will not. Another process
   * of the user may have got it already.
   */
  String accessTokenOtherThan(String spent) {
    String token = accessToken();
    return token.equals(spent) ? renewed(spent).accessToken() : token;
  }

  /** Refreshes alone among all processes of the user, unless one of them has done it meanwhile. */
  private Login renewed(String spent) {
    return logins.exclusively(
        () -> {
          for (int tries = 1; ; tries++) {
            Login login = login();
            if (isGood(login) && !login.accessToken().equals(spent)) {
              return login;
            }
            RelayHttp.Reply reply = refresh(login);
            if (!reply.isRefused(Verdict.NOW) || tries == MAX_RACES) {
              Login renewed = grant(expect(reply, "renew the login"), "renew the login");
              current.renew(login, renewed);
              return renewed;
            }
            // Somebody who does not share the lock: its tokens come, or it was cut and ours are
            // good.
            pauses.await(reply.pause().orElse(Duration.ofSeconds(1)));
          }
        });
  }

  /** Nothing but the relay's own refusal of this token ends the login (PROTOCOL.md 8.1). */
  private RelayHttp.Reply refresh(Login login) {
    Json.Obj body = Json.object("refresh_token", Json.of(login.refreshToken()));
    RelayHttp.Reply reply = http.send(Call.REFRESH, "POST", "/refresh", body, "");
    if (reply.isRefused(Verdict.ASK)) {
      current.forget();
      throw new ConnectionLostException(
          "The login at " + url + " has ended. Run `gitblobs login " + url + "`.",
          AfterClose.STOP,
          null);
    }
    return reply;
  }

  private Json.Obj expect(RelayHttp.Reply reply, String tried) {
    Json.Obj answer = reply.answer();
    RelayProblem problem = reply.problem();
    if (problem != null) {
      throw problem.toException(tried, url);
    }
    return answer == null ? Json.object() : answer;
  }

  /** The relay has nothing to add to its yes; who does is not the relay. */
  private void expectNothing(RelayHttp.Reply reply, String tried) {
    if (!expect(reply, tried).members().isEmpty()) {
      throw RelayProblem.foreign("its answer is of another form", Optional.empty())
          .toException(tried, url);
    }
  }

  private Login grant(Json.Obj answer, String tried) {
    double seconds =
        answer.get("expires_in").orElse(Json.Nil.NULL) instanceof Json.Num n ? n.value() : 0;
    Json.Obj user =
        answer.get("user").orElse(Json.Nil.NULL) instanceof Json.Obj object
            ? object
            : Json.object();
    return new Login(
        url,
        user.text("username").orElse(""),
        required(answer, "access_token", tried),
        clock.instant().plusSeconds((long) seconds),
        required(answer, "refresh_token", tried),
        user.get("password_must_change").equals(Optional.of(Json.of(true))));
  }

  private String required(Json.Obj answer, String field, String tried) {
    return answer
        .text(field)
        .orElseThrow(
            () ->
                RelayProblem.foreign("its answer has no " + field, Optional.empty())
                    .toException(tried, url));
  }
}
