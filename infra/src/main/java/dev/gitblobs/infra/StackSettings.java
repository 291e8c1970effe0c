package dev.gitblobs.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * All that an operator decides about one environment, read and checked at once.
 *
 * @param stack the stack's name; that of its file, which no setting can change
 * @param environment the name by which the environment knows itself: {@code local}, {@code dev},
 *     {@code staging}, {@code prod}, {@code pr-N} or another
 * @param protect whether the database and the script may not be destroyed
 * @param workersDev whether the Worker answers under the account's workers.dev name
 * @param workersSubdomain the account's workers.dev name, if known: {@code NAME.workers.dev}
 * @param plain the Worker's plain variables by binding name
 * @param secrets the Worker's secrets by binding name; an optional one that is unset is absent
 */
record StackSettings(
    String stack,
    String environment,
    String accountId,
    boolean protect,
    boolean workersDev,
    Optional<String> workersSubdomain,
    Optional<Edge> edge,
    Observability observability,
    Map<String, String> plain,
    Map<String, Secret> secrets) {

  /**
   * How requests of an own host name reach the Worker.
   *
   * @param customDomain a custom domain (Cloudflare makes DNS record and certificate), else a route
   * @param ownsZone whether this stack sets what the whole zone shares: https only, TLS floor, HSTS
   *     and the rate limit; of several stacks on one zone exactly one may
   */
  record Edge(
      String zoneId,
      String hostname,
      boolean customDomain,
      boolean ownsZone,
      int hstsMaxAgeSeconds,
      int requestsPerTenSeconds) {}

  /** What is kept of the logs, and who is told. */
  record Observability(
      boolean invocationLogs,
      Optional<Secret> logpushDestination,
      List<String> notificationEmails) {}

  private static final Pattern HEX_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern HOSTNAME =
      Pattern.compile("(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern ORIGIN = Pattern.compile("(https?://[a-z0-9.-]+(:[0-9]{1,5})?)?");
  private static final Pattern ORIGINS =
      Pattern.compile(
          "(https?://[a-z0-9.-]+(:[0-9]{1,5})?(,https?://[a-z0-9.-]+(:[0-9]{1,5})?)*)?");
  private static final Pattern EMAILS =
      Pattern.compile("[^@\\s,]+@[^@\\s,]+(,[^@\\s,]+@[^@\\s,]+)*");

  /** Every secret that the settings can give a Worker. */
  static final Set<String> SECRET_NAMES =
      Set.of("JWT_SECRET", "JWT_SECRET_PREVIOUS", "PASSWORD_PEPPER", "ADMIN_TOKEN");

  /** {@code prod}, {@code production} and such as {@code prod-eu}. */
  private static final Pattern PRODUCTION = Pattern.compile("prod(uction)?(-.*)?");

  /** The short name of the environment of a pull request, which is made and destroyed by itself. */
  private static final Pattern PULL_REQUEST = Pattern.compile("pr-[0-9]+");

  StackSettings {
    plain = Map.copyOf(plain);
    secrets = Map.copyOf(secrets);
  }

  /**
   * Whether its data may be lost: on this machine and for pull requests alone. The stack decides as
   * well as the environment, so that a setting cannot take the protection from a stack with data.
   */
  boolean isDisposable() {
    return isDisposable(stack) && isDisposable(environment);
  }

  /** Whether users depend on it, by the stack's name or by the environment's. */
  boolean isProduction() {
    return PRODUCTION.matcher(stack).matches() || PRODUCTION.matcher(environment).matches();
  }

  private static boolean isDisposable(String name) {
    return name.equals("local") || PULL_REQUEST.matcher(name).matches();
  }

  /** The name of the script and the database in the account. */
  String resourceName() {
    return "gitblobs-relay-" + environment;
  }

  /** Where users reach the relay, where that is decided by the settings alone. */
  Optional<String> url() {
    return edge.map(own -> "https://" + own.hostname())
        .or(
            () ->
                workersSubdomain
                    .filter(name -> workersDev)
                    .map(name -> "https://" + resourceName() + "." + name + ".workers.dev"));
  }

  /**
   * Reads the settings of a stack.
   *
   * @throws SettingsException naming every missing, malformed, unknown or unencrypted value with
   *     its key, its file and the command that sets it
   */
  static StackSettings read(StackConfig config) {
    var reader = new SettingsReader(config);
    var environment =
        reader
            .optionalText("environment", LABEL, "a name of lower case letters, digits and dashes")
            .orElse(config.stack());
    var disposable = isDisposable(config.stack()) && isDisposable(environment);
    var settings =
        new StackSettings(
            config.stack(),
            environment,
            reader.text("accountId", HEX_ID, "the Cloudflare account id, 32 hexadecimal digits"),
            reader.flag("protect", !disposable),
            reader.flag("workersDev", false),
            reader.optionalText(
                "workersSubdomain", LABEL, "the account's name before .workers.dev"),
            readEdge(reader),
            readObservability(reader),
            readPlain(reader, environment),
            readSecrets(reader));
    if (!settings.protect() && !disposable) {
      reader.problem(
          "protect", "is false, but the data of the stack " + config.stack() + " must not be lost");
    }
    reader.finish();
    return settings;
  }

  private static Optional<Edge> readEdge(SettingsReader reader) {
    var zoneId = reader.optionalText("zoneId", HEX_ID, "the id of the zone, 32 hexadecimal digits");
    var hostname = reader.optionalText("hostname", HOSTNAME, "a host name of the zone");
    var customDomain = reader.flag("customDomain", true);
    var ownsZone = reader.flag("ownsZone", true);
    var hstsMaxAge = reader.whole("hstsMaxAgeSeconds", 0, 63_072_000, 31_536_000);
    var requests = reader.whole("edgeRequestsPerTenSeconds", 10, 100_000, 300);
    if (zoneId.isPresent() != hostname.isPresent()) {
      reader.problem(
          zoneId.isPresent() ? "hostname" : "zoneId",
          "is missing: zoneId and hostname belong together, set both or none");
    }
    return zoneId.flatMap(
        zone ->
            hostname.map(
                host ->
                    new Edge(
                        zone, host, customDomain, ownsZone, (int) hstsMaxAge, (int) requests)));
  }

  private static Observability readObservability(SettingsReader reader) {
    return new Observability(
        reader.flag("invocationLogs", false),
        reader.encrypted("logpushDestination").filter(text -> !text.isEmpty()).map(Secret::new),
        reader
            .optionalText("notificationEmails", EMAILS, "mail addresses, separated by commas")
            .map(text -> List.of(text.split(",", -1)))
            .orElse(List.of()));
  }

  /** The Worker's variables; ranges and defaults keep a typing error from opening the doors. */
  private static Map<String, String> readPlain(SettingsReader reader, String environment) {
    var day = 86_400L;
    var plain = new TreeMap<String, String>();
    plain.put("ENVIRONMENT", environment);
    plain.put(
        "ALLOWED_ORIGINS",
        reader
            .optionalText("allowedOrigins", ORIGINS, "origins such as https://a.example, by commas")
            .orElse(""));
    plain.put(
        "PAGE_RELAY",
        reader.optionalText("pageRelay", ORIGIN, "an origin such as https://a.example").orElse(""));
    var ttlDefault = reader.whole("ttlDefaultSeconds", 60, 365 * day, 30 * day);
    var ttlMax = reader.whole("ttlMaxSeconds", 60, 365 * day, 90 * day);
    if (ttlDefault > ttlMax) {
      reader.problem("ttlDefaultSeconds", "is " + ttlDefault + ", above ttlMaxSeconds " + ttlMax);
    }
    plain.put("TTL_DEFAULT_SECONDS", Long.toString(ttlDefault));
    plain.put("TTL_MAX_SECONDS", Long.toString(ttlMax));
    plain.put("QUOTA_BYTES", number(reader, "quotaBytes", 1L << 40, 256L << 20));
    plain.put("QUOTA_OBJECTS", number(reader, "quotaObjects", 100_000_000, 200_000));
    plain.put("QUOTA_STORES", number(reader, "quotaStores", 100, 20));
    plain.put("QUOTA_SOCKETS", number(reader, "quotaSockets", 1_000, 20));
    plain.put("LOG_SHARE", Double.toString(reader.share("logShare", 1)));
    return plain;
  }

  private static String number(SettingsReader reader, String key, long max, long otherwise) {
    return Long.toString(reader.whole(key, 1, max, otherwise));
  }

  private static Map<String, Secret> readSecrets(SettingsReader reader) {
    var secrets = new TreeMap<String, Secret>();
    var form = "32 random bytes or more in base64url";
    secrets.put("JWT_SECRET", reader.secret("jwtSecret", "wraps the signing keys, " + form));
    secrets.put("PASSWORD_PEPPER", reader.secret("passwordPepper", "peppers passwords, " + form));
    secrets.put("ADMIN_TOKEN", reader.secret("adminToken", "opens the admin calls, " + form));
    reader
        .optionalSecret("jwtSecretPrevious", "the secret before jwtSecret, " + form)
        .ifPresent(secret -> secrets.put("JWT_SECRET_PREVIOUS", secret));
    return secrets;
  }
}
