/** Whose sockets to close: all of a user's, or those of one session. */
export interface SocketOwner {
  readonly userId: string;
  readonly sessionId?: string;
  /** 4401: log in again; 4403: the account is disabled or gone. */
  readonly code: 4401 | 4403;
}
