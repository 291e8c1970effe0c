package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The login at one relay: as its file has it, or held here for as long as this object lives, where
 * the file could not take a renewed one. The token it replaces is used up: to lose the new one
 * would end the login.
 */
final class CurrentLogin {
  private static final System.Logger LOG = System.getLogger(CurrentLogin.class.getName());

  private final LoginFile file;
  private final String url;
  private @Nullable Login unsaved;

  /** The refresh token in the file that {@link #unsaved} replaces. */
  private @Nullable String spent;

  CurrentLogin(LoginFile file, String url) {
    this.file = file;
    this.url = url;
  }

  /** The login; what another process kept meanwhile is newer than what is held here. */
  synchronized Optional<Login> find() {
    Login held = unsaved;
    if (held == null) {
      return file.find(url);
    }
    try {
      Optional<Login> kept = file.find(url);
      boolean isOurs = kept.isPresent() && kept.get().refreshToken().equals(spent);
      return isOurs ? Optional.of(held) : kept;
    } catch (GitBlobsException e) {
      return Optional.of(held);
    }
  }

  /** Takes the place of the login it was renewed from. */
  synchronized void renew(Login from, Login to) {
    // A file that was not written still has the one before that.
    String inFile = unsaved == null ? from.refreshToken() : spent;
    try {
      file.put(to);
      unsaved = null;
    } catch (GitBlobsException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The renewed login cannot be kept; log in again when this program has ended.",
          e);
      unsaved = to;
      spent = inFile;
    }
  }

  /** Forgets it. */
  synchronized void forget() {
    unsaved = null;
    file.remove(url);
  }
}
