package dev.gitblobs.infra;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads typed values from a stack's configuration and collects all that is wrong with it. */
final class SettingsReader {
  /** At least 32 random bytes in base64url, as every secret of the Worker has to be. */
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43,}");

  private final StackConfig config;
  private final Set<String> known = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  SettingsReader(StackConfig config) {
    this.config = config;
  }

  /** The text under {@code key}, which must be there and match; else a problem and "". */
  String text(String key, Pattern pattern, String meaning) {
    var text = optionalText(key, pattern, meaning);
    if (text.isEmpty() && !config.values().containsKey(key)) {
      problem(key, "is missing: " + meaning + "; " + setCommand(key, "VALUE"));
    }
    return text.orElse("");
  }

  Optional<String> optionalText(String key, Pattern pattern, String meaning) {
    return parsed(
        key, meaning, text -> Optional.of(text).filter(it -> pattern.matcher(it).matches()));
  }

  boolean flag(String key, boolean otherwise) {
    return parsed(key, "true or false", SettingsReader::parseFlag).orElse(otherwise);
  }

  long whole(String key, long min, long max, long otherwise) {
    return parsed(key, "a whole number from " + min + " to " + max, text -> inRange(text, min, max))
        .orElse(otherwise);
  }

  /** A number from 0 to 1. */
  double share(String key, double otherwise) {
    return parsed(key, "a number from 0 to 1", SettingsReader::parseShare).orElse(otherwise);
  }

  Secret secret(String key, String meaning) {
    var secret = optionalSecret(key, meaning);
    if (secret.isEmpty() && !config.values().containsKey(key)) {
      problem(key, "is missing: " + meaning + "; " + secretCommand(key));
    }
    return secret.orElse(new Secret(""));
  }

  /**
   * A secret of the Worker; it must be encrypted in the stack file. An empty one counts as unset.
   */
  Optional<Secret> optionalSecret(String key, String meaning) {
    return encrypted(key)
        .filter(value -> !value.isEmpty())
        .flatMap(
            value -> {
              if (SECRET.matcher(value).matches()) {
                return Optional.of(new Secret(value));
              }
              problem(key, "is too weak or malformed: " + meaning + "; " + secretCommand(key));
              return Optional.empty();
            });
  }

  /** A value of any form that must be encrypted in the stack file. */
  Optional<String> encrypted(String key) {
    known.add(key);
    var value = Optional.ofNullable(config.values().get(key));
    if (value.isPresent() && !config.secretKeys().contains(key)) {
      problem(key, "is in plain text: make a new value and encrypt it; " + secretCommand(key));
    }
    return value;
  }

  void problem(String key, String what) {
    problems.add(StackConfig.NAMESPACE + key + " in " + config.file() + " " + what);
  }

  /**
   * Ends the reading.
   *
   * @throws SettingsException naming every problem, if there was one
   */
  void finish() {
    config.values().keySet().stream()
        .filter(key -> !known.contains(key))
        .sorted()
        .forEach(
            key -> problem(key, "is not a setting of the relay: remove it or correct its name"));
    if (!problems.isEmpty()) {
      throw new SettingsException(
          "Stack " + config.stack() + " cannot be used, its configuration is not right:", problems);
    }
  }

  private <T> Optional<T> parsed(String key, String meaning, Function<String, Optional<T>> parse) {
    known.add(key);
    var text = config.values().get(key);
    if (text == null) {
      return Optional.empty();
    }
    var value = parse.apply(text);
    if (value.isEmpty()) {
      problem(key, "is \"" + text + "\", but has to be " + meaning);
    }
    return value;
  }

  private static Optional<Boolean> parseFlag(String text) {
    return Optional.of(text)
        .filter(it -> it.equals("true") || it.equals("false"))
        .map(Boolean::valueOf);
  }

  private static Optional<Long> inRange(String text, long min, long max) {
    return Optional.of(text)
        .filter(it -> it.matches("[0-9]{1,18}"))
        .map(Long::valueOf)
        .filter(number -> min <= number && number <= max);
  }

  private static Optional<Double> parseShare(String text) {
    return Optional.of(text)
        .filter(it -> it.matches("0(\\.[0-9]{1,6})?|1(\\.0{1,6})?"))
        .map(Double::valueOf);
  }

  private String setCommand(String key, String value) {
    return "pulumi config set "
        + StackConfig.NAMESPACE
        + key
        + " "
        + value
        + " --stack "
        + config.stack();
  }

  /** Standard input, so that the secret is in no history and no list of processes. */
  private String secretCommand(String key) {
    return "openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\\n' | pulumi config set --secret "
        + StackConfig.NAMESPACE
        + key
        + " --stack "
        + config.stack();
  }
}
