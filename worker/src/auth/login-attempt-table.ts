/** How failures are counted in a bucket. */
export interface AttemptRule {
  /** Failures in a row before the first wait. */
  readonly freeFailures: number;
  /** First wait; doubles with each further failure. */
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
  /** Failures are forgotten this long after the last one. */
  readonly memoryMs: number;
}

const countFailure = `ON CONFLICT (bucket) DO UPDATE SET
    failures = CASE WHEN expires_at <= ?2 THEN 1 ELSE failures + 1 END,
    blocked_until = CASE WHEN expires_at <= ?2 OR failures + 1 < ?3 THEN 0
      ELSE ?2 + MIN(?5, ?4 << MIN(failures + 1 - ?3, 16)) END,
    expires_at = ?2 + ?6 + ?5
  WHERE blocked_until <= ?2
  RETURNING failures`;

/**
 * Counts an attempt as failed, before anybody knows, unless the bucket has to wait, or `gate` has; then no row comes
 * back. So many attempts at once cannot all see the count from before.
 */
export function reserveAttempt(
  db: D1Database,
  bucket: string,
  gate: string,
  rule: AttemptRule,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO login_attempts (bucket, failures, blocked_until, expires_at) SELECT ?1, 1, 0, ?2 + ?6
       WHERE NOT EXISTS (SELECT 1 FROM login_attempts WHERE bucket = ?7 AND blocked_until > ?2)
       ${countFailure}`,
    )
    .bind(bucket, now, rule.freeFailures, rule.firstWaitMs, rule.maxWaitMs, rule.memoryMs, gate);
}

/** The same for a second bucket, right behind the first in one batch: counts only what that one let through. */
export function reserveIfPreviousDid(
  db: D1Database,
  bucket: string,
  rule: AttemptRule,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO login_attempts (bucket, failures, blocked_until, expires_at) SELECT ?1, 1, 0, ?2 + ?6
       WHERE changes() > 0
       ${countFailure}`,
    )
    .bind(bucket, now, rule.freeFailures, rule.firstWaitMs, rule.maxWaitMs, rule.memoryMs);
}

/** Until when a bucket has to wait. */
export function readBlock(db: D1Database, bucket: string): D1PreparedStatement {
  return db.prepare("SELECT blocked_until FROM login_attempts WHERE bucket = ?1").bind(bucket);
}

/** Forgets the failures of a bucket. */
export function clearAttempts(db: D1Database, bucket: string): D1PreparedStatement {
  return db.prepare("DELETE FROM login_attempts WHERE bucket = ?1").bind(bucket);
}

/** Takes one attempt back that turned out not to be a failure. */
export function refundAttempt(db: D1Database, bucket: string): D1PreparedStatement {
  return db
    .prepare(
      "UPDATE login_attempts SET failures = MAX(0, failures - 1), blocked_until = 0 WHERE bucket = ?1",
    )
    .bind(bucket);
}
