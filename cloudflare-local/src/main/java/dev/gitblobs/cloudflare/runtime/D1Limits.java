package dev.gitblobs.cloudflare.runtime;

/**
 * What D1 refuses and how long it takes. The numbers of production are those of
 * https://developers.cloudflare.com/d1/platform/limits/ (paid plan).
 *
 * @param enforced whether the limits hold; the times do in any case
 * @param valueBytes of a row, a text or a blob
 * @param latencyMillis of each call
 * @param statementMillis of each statement on the database's one thread
 */
public record D1Limits(
    boolean enforced,
    int queriesPerInvocation,
    long resultBytes,
    int statementBytes,
    int parameters,
    int valueBytes,
    long databaseBytes,
    int latencyMillis,
    int statementMillis) {

  /** As at Cloudflare, but at once. */
  public static final D1Limits PRODUCTION =
      new D1Limits(true, 1000, 50_000_000, 100_000, 100, 2_000_000, 10_000_000_000L, 0, 0);

  /** The same, held or not. */
  public D1Limits withEnforced(boolean held) {
    return new D1Limits(
        held,
        queriesPerInvocation,
        resultBytes,
        statementBytes,
        parameters,
        valueBytes,
        databaseBytes,
        latencyMillis,
        statementMillis);
  }
}
