/** Adds a one-time ticket of a session that is still live. */
export function insertTicket(
  db: D1Database,
  ticket: {
    readonly hash: string;
    readonly sessionId: string;
    readonly origin: string | null;
    readonly now: number;
    readonly expiresAt: number;
  },
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO ws_tickets (ticket_hash, session_id, origin, expires_at)
       SELECT ?1, id, ?3, ?4 FROM sessions WHERE id = ?2 AND revoked_at IS NULL AND expires_at > ?5`,
    )
    .bind(ticket.hash, ticket.sessionId, ticket.origin, ticket.expiresAt, ticket.now);
}

/** Takes a ticket out, if it is there and still good; of many uses at once, one gets it. */
export async function takeTicket(
  db: D1Database,
  hash: string,
  now: number,
): Promise<{ readonly session_id: string; readonly origin: string | null } | null> {
  return db
    .prepare(
      "DELETE FROM ws_tickets WHERE ticket_hash = ?1 AND expires_at > ?2 RETURNING session_id, origin",
    )
    .bind(hash, now)
    .first<{ session_id: string; origin: string | null }>();
}
