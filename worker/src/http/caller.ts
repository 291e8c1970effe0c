/** A live login of a device, checked against the database for this request. */
export interface Session {
  readonly userId: string;
  readonly sessionId: string;
  readonly username: string;
  readonly role: "user" | "admin";
  /** The name the device gave itself when it logged in. */
  readonly device: string;
  /** When the session ends for good, in milliseconds since 1970. */
  readonly expiresAt: number;
  /** The password is a one-time one: only routes open to that may be used. */
  readonly passwordMustChange: boolean;
}

/** Who makes a request: nobody known, a logged-in device, or the bearer of ADMIN_TOKEN. */
export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "session"; readonly session: Session }
  | { readonly kind: "operator" };

/** How a caller is named in logs and the audit log. */
export function actorOf(caller: Caller): string {
  return caller.kind === "session" ? `user:${caller.session.userId}` : caller.kind;
}
