package dev.gitblobs.ops.command;

import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.SqlDatabase;
import dev.gitblobs.ops.relay.RelayProblem;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine.ExitCode;

/**
 * What an operator is told when a command fails: the only place that turns exceptions into words
 * and exit codes.
 *
 * @param message what was tried and what happened
 * @param remedy what to do next
 * @param exitCode 1, or 2 when the words of the command are at fault
 */
record Failure(String message, String remedy, int exitCode) {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;

  static Failure of(Exception exception) {
    String message = String.valueOf(exception.getMessage());
    if (exception instanceof OpsException ops) {
      return new Failure(message, ops.remedy(), ops.isUsage() ? ExitCode.USAGE : ExitCode.SOFTWARE);
    }
    if (exception instanceof ApiException api) {
      return failed("Cloudflare: " + message, remedy(api.status()));
    }
    if (exception instanceof RelayProblem problem) {
      return failed(message, remedy(problem));
    }
    if (exception instanceof SqlDatabase.Refusal) {
      return failed(
          "The database refused: " + message, "Nothing was changed. See relayctl migrate info.");
    }
    if (exception instanceof SqlDatabase.Unanswered) {
      return failed(
          "The database did not answer: " + message, "Run the same command again; it is safe.");
    }
    if (exception instanceof UncheckedIOException) {
      return failed(
          "A file could not be used: " + reason(exception),
          "Check that name, and that you may read and write there.");
    }
    return failed(
        exception.toString(),
        "This was not expected. Run it again with --verbose and report what it prints.");
  }

  private static Failure failed(String message, String remedy) {
    return new Failure(message, remedy, ExitCode.SOFTWARE);
  }

  /** Java names only the file when it is missing or may not be read. */
  private static String reason(Exception exception) {
    Throwable cause = exception.getCause();
    if (cause instanceof NoSuchFileException file) {
      return file.getFile() + " is not there";
    }
    if (cause instanceof AccessDeniedException file) {
      return file.getFile() + " may not be used by you";
    }
    return cause instanceof FileSystemException && cause.getMessage() != null
        ? cause.getMessage()
        : String.valueOf(cause);
  }

  private static String remedy(RelayProblem problem) {
    return switch (problem.code()) {
      case "not_authenticated", "forbidden" ->
          "Check the admin token: it must be the ADMIN_TOKEN of this very environment.";
      case "username_taken" -> "Choose another name; relayctl users list shows who there is.";
      case "last_admin" -> "Make somebody else an admin first.";
      case "weak_password" -> "Take a longer one that nobody would guess; the user was not added.";
      case "too_many_requests", "busy" -> "Wait a moment and run the same command again.";
      case "misconfigured" -> "relayctl doctor says what is missing.";
      default -> "See relayctl status, and relayctl logs for the reason.";
    };
  }

  private static String remedy(int status) {
    return switch (status) {
      case 0 -> "Check the network and CLOUDFLARE_BASE_URL, then run the same command again.";
      case UNAUTHORIZED, FORBIDDEN ->
          "Check CLOUDFLARE_API_TOKEN: it must be valid and may do this; relayctl doctor tells.";
      case NOT_FOUND -> "It is gone or in another account. relayctl up ENV makes what is missing.";
      case TOO_MANY -> "Cloudflare limits how often one may ask: wait five minutes.";
      default -> "Run the same command again; if it stays, see https://www.cloudflarestatus.com.";
    };
  }
}
