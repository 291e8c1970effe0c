package dev.gitblobs.cloudflare.api;

import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Gatekeeper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens this account and its zones to its tokens, and nothing to anybody else. */
public final class AccountGatekeeper implements Gatekeeper {
  /** Below it, a URL is a key by itself. */
  static final String TRANSFERS = "/local/transfers/";

  private static final Pattern PLACE = Pattern.compile("/(accounts|zones)/([0-9a-f]{32})(/.*)?");

  private final Account account;

  /** Guards this account. */
  public AccountGatekeeper(Account account) {
    this.account = account;
  }

  @Override
  public void admit(Optional<String> token, String method, String path) {
    if (path.startsWith(TRANSFERS)) {
      return;
    }
    Matcher place = PLACE.matcher(path);
    boolean ours = !place.matches() || isOurs(place.group(1), place.group(2));
    if (!mayCall(token.orElse(""), method, path) || !ours) {
      throw new ApiException(403, 9109, "Unauthorized to access requested resource");
    }
  }

  /** The account's own token may do all, another one what its scopes say. */
  private boolean mayCall(String token, String method, String path) {
    if (isSame(token, account.identity().apiToken())) {
      return true;
    }
    return TokenScopes.find(account.state().documents(TokenScopes.COLLECTION).values(), token)
        .map(scoped -> TokenScopes.allows(scoped, method, path))
        .orElseThrow(() -> new ApiException(401, 10000, "Authentication error"));
  }

  private boolean isOurs(String kind, String id) {
    return kind.equals("accounts")
        ? id.equals(account.identity().accountId())
        : account.state().zones().containsKey(id);
  }

  /** In a time that does not depend on where the texts differ. */
  private static boolean isSame(String given, String wanted) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
  }
}
