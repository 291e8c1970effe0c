package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Login, refresh, logout and who-am-I at one relay, and the access token for everything else. */
public final class RelayAccount {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A token is renewed when this little of its life is left. */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private final HttpClient http;
  private final String url;
  private final LoginFile logins;
  private final InstantSource clock;

  /** The account at this relay. {@code url} must be https, or http to this machine. */
  public RelayAccount(HttpClient http, String url, LoginFile logins, InstantSource clock) {
    this.http = http;
    this.url = RelayUrl.checked(url);
    this.logins = logins;
    this.clock = clock;
  }

  /** The relay's address without a path. */
  public String url() {
    return url;
  }

  HttpClient http() {
    return http;
  }

  /** Logs in and keeps the login. Throws with the relay's reason. */
  public Login login(String username, String password, String device) {
    Json body =
        Json.object(
            "username", Json.of(username),
            "password", Json.of(password),
            "device", Json.of(device));
    Login login = grant(post("/login", body, Optional.empty()), "log in as " + username);
    logins.put(login);
    return login;
  }

  /**
   * Ends the session at the relay and forgets it here. Forgets it even when the relay cannot be
   * reached or refuses, and then throws: the session may go on there until it expires.
   */
  public void logout() {
    Optional<Login> login = logins.find(url);
    if (login.isEmpty()) {
      return;
    }
    try {
      String token = fresh(login.get()).accessToken();
      HttpResponse<byte[]> response = post("/logout", Json.object(), Optional.of(token));
      if (response.statusCode() != 401) {
        expect(response, "log out");
      }
    } finally {
      logins.remove(url);
    }
  }

  /** Changes the own password; ends the user's other sessions. */
  public void changePassword(String current, String next) {
    Json body = Json.object("current_password", Json.of(current), "new_password", Json.of(next));
    HttpRequest request =
        request("/password")
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + accessToken())
            .PUT(BodyPublishers.ofString(body.toText()))
            .build();
    expect(send(request), "change the password");
  }

  /** What the relay says about the user and the session. */
  public Json.Obj whoAmI() {
    HttpRequest request =
        request("/me").header("Authorization", "Bearer " + accessToken()).GET().build();
    return expect(send(request), "ask who is logged in");
  }

  /** A token that is good for a while; refreshes it where needed. Throws when not logged in. */
  public String accessToken() {
    return fresh(login()).accessToken();
  }

  private Login login() {
    return logins
        .find(url)
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
    return token.equals(spent) ? refresh(login()).accessToken() : token;
  }

  private Login fresh(Login login) {
    boolean isGood = login.expiresAt().minus(MARGIN).isAfter(clock.instant());
    return isGood ? login : refresh(login);
  }

  private Login refresh(Login login) {
    Json body = Json.object("refresh_token", Json.of(login.refreshToken()));
    HttpResponse<byte[]> response = post("/refresh", body, Optional.empty());
    if (response.statusCode() == 401) {
      logins.remove(url);
      throw new ConnectionLostException(
          "The login at " + url + " has ended. Run `gitblobs login " + url + "`.",
          AfterClose.STOP,
          null);
    }
    Login renewed = grant(response, "renew the login");
    logins.put(renewed);
    return renewed;
  }

  private Login grant(HttpResponse<byte[]> response, String tried) {
    Json.Obj answer = expect(response, tried);
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
            () -> new GitBlobsException("Tried to " + tried + " but " + url + " is no relay."));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE);
  }

  private HttpResponse<byte[]> post(String path, Json body, Optional<String> token) {
    HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
    token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    return send(request.POST(BodyPublishers.ofString(body.toText())).build());
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new ConnectionLostException(
          "Tried to reach "
              + url
              + " but failed: "
              + e.getClass().getSimpleName()
              + ". Is the relay running?",
          AfterClose.RECONNECT,
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionLostException("Interrupted.", AfterClose.STOP, e);
    }
  }

  private Json.Obj expect(HttpResponse<byte[]> response, String tried) {
    Json.Obj answer = problemOrAnswer(response.body());
    if (response.statusCode() / 100 == 2) {
      return answer;
    }
    String reason =
        answer
            .text("detail")
            .or(() -> answer.text("title"))
            .orElse("status " + response.statusCode());
    throw new GitBlobsException(
        "Tried to "
            + tried
            + " at "
            + url
            + " but the relay refused: "
            + reason
            + answer.text("code").map(code -> " (" + code + ")").orElse("")
            + ".");
  }

  private static Json.Obj problemOrAnswer(byte[] body) {
    try {
      return body.length == 0 ? Json.object() : JsonReader.readObject(body);
    } catch (JsonReader.InvalidJsonException e) {
      return Json.object("detail", Json.of("its answer is not JSON"));
    }
  }
}
