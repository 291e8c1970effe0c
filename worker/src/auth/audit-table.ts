/** Who did what to whom. `detail` must hold no secret. */
export interface AuditEntry {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target?: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  readonly requestId: string;
  readonly ipPrefix: string;
}

/** A row of `audit_log`. */
export interface AuditRow {
  readonly id: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly detail: string;
  readonly request_id: string;
  readonly ip_prefix: string;
}

const columns = "at, actor, action, target, detail, request_id, ip_prefix";

/**
 * Records an action in the same batch as the action itself, right behind it: the entry is made if that statement
 * changed anything, and not otherwise.
 */
export function auditPreviousStatement(db: D1Database, entry: AuditEntry): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO audit_log (${columns}) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE changes() > 0`,
    )
    .bind(...valuesOf(entry));
}

/** Records an action whatever it changed. */
export function auditAlways(db: D1Database, entry: AuditEntry): D1PreparedStatement {
  return db
    .prepare(`INSERT INTO audit_log (${columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`)
    .bind(...valuesOf(entry));
}

/** Up to `limit` entries older than `before`, newest first. */
export async function listAudit(
  db: D1Database,
  before: number,
  limit: number,
): Promise<readonly AuditRow[]> {
  const { results } = await db
    .prepare(`SELECT id, ${columns} FROM audit_log WHERE id < ?1 ORDER BY id DESC LIMIT ?2`)
    .bind(before, limit)
    .all<AuditRow>();
  return results;
}

function valuesOf(entry: AuditEntry): (string | number | null)[] {
  return [
    entry.at,
    entry.actor,
    entry.action,
    entry.target ?? null,
    JSON.stringify(entry.detail ?? {}),
    entry.requestId,
    entry.ipPrefix,
  ];
}
