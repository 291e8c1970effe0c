import type { HubRpc } from "./relay/hub-rpc.ts";

/** The relay's bindings, as `bindings.json` names them and the infrastructure provides them. */
export interface Env {
  readonly DB: D1Database;
  readonly HUB: DurableObjectNamespace<HubRpc>;
  readonly VERSION: WorkerVersionMetadata;
  /** Coarse limit per network for callers that are not logged in. */
  readonly IP_LIMIT: RateLimit;
  /** Coarse limit per session for callers that are, and per network for the page's files. */
  readonly SESSION_LIMIT: RateLimit;

  /** Wraps the signing keys in D1; never signs. */
  readonly JWT_SECRET: string;
  /** The wrapping secret before the present one, while its keys are being rewrapped; absent or empty otherwise. */
  readonly JWT_SECRET_PREVIOUS?: string;
  /** Key of the HMAC over each password hash. */
  readonly PASSWORD_PEPPER: string;
  /** Bearer token of pipelines for /admin. */
  readonly ADMIN_TOKEN: string;

  readonly ENVIRONMENT: string;
  /** Origins of web pages that may call the relay, separated by commas. */
  readonly ALLOWED_ORIGINS: string;
  /** Origin of the relay that the page served here talks to; its own where it is left out or no origin. */
  readonly PAGE_RELAY?: string;
  readonly TTL_DEFAULT_SECONDS: string;
  readonly TTL_MAX_SECONDS: string;
  readonly QUOTA_BYTES: string;
  readonly QUOTA_OBJECTS: string;
  readonly QUOTA_STORES: string;
  readonly QUOTA_SOCKETS: string;
  /** The share, 0 to 1, of ordinary requests that the log tells; security events and failures are always told. */
  readonly LOG_SHARE?: string;
  /** Frames and bytes a second one socket may send, where the built-in 500 and 16 MiB do not suit. */
  readonly FLOOD_FRAMES_PER_SECOND?: string;
  readonly FLOOD_BYTES_PER_SECOND?: string;
  /** What one user's work in a store may take of the database a second, and be answered, where the defaults do not suit. */
  readonly FLOOD_STATEMENTS_PER_SECOND?: string;
  readonly FLOOD_ROWS_PER_SECOND?: string;
  readonly FLOOD_ANSWERED_BYTES_PER_SECOND?: string;
}
