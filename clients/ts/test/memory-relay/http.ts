import { relayProblem } from "./problem.ts";

/** The tokens the relay gave out, and its HTTP endpoints as far as a sync needs them. */
export class TokenOffice {
  #count = 0;

  /** Whether a token of `auth` is one of those. */
  isGood(token: string): boolean {
    const [, number] = /^access-(\d+)$/.exec(token) ?? [];
    return number !== undefined && Number(number) <= this.#count;
  }

  /** A fresh access token. */
  next(): string {
    return `access-${++this.#count}`;
  }

  answer(path: string, init: RequestInit): Response {
    const isGrant = path === "/login" || path === "/refresh";
    if (!isGrant && !new Headers(init.headers).has("authorization"))
      return relayProblem(401, "not_authenticated");
    if (path === "/ws/ticket") return Response.json({ ticket: "t".repeat(43) });
    const user = { id: "usr_1", username: "ada", role: "user", password_must_change: false };
    if (path === "/me") return Response.json({ user });
    if (!isGrant) return new Response(null, { status: 204 });
    const access_token = this.next();
    return Response.json({
      access_token,
      token_type: "Bearer",
      expires_in: 900,
      refresh_token: access_token.replace("access", "refresh"),
      user,
    });
  }
}

/** A token of another user of the relay. */
export const FOREIGN_TOKEN = "access-of-another-user";
