/** What a client should do after an error (PROTOCOL.md 7). */
export const RETRIES = ["no", "now", "after", "reauth", "repull"] as const;
/** One of {@link RETRIES}. */
export type Retry = (typeof RETRIES)[number];

/** Every error code with its retry class, equal to `protocol/vectors/errors.json`. */
export const ERROR_RETRY = {
  bad_frame: "no",
  bad_json: "no",
  unknown_op: "no",
  bad_field: "no",
  hello_first: "no",
  hello_twice: "no",
  unsupported_version: "no",
  hash_mismatch: "no",
  size_mismatch: "no",
  bad_offset: "now",
  too_many: "no",
  quota: "no",
  ref_conflict: "repull",
  missing: "now",
  mid_reused: "no",
  no_device: "after",
  bad_next: "no",
  bad_token: "reauth",
  forbidden: "no",
  flood: "after",
  unavailable: "after",
  internal: "after",
} as const satisfies Record<string, Retry>;

/** A code of {@link ERROR_RETRY}. */
export type ErrorCode = keyof typeof ERROR_RETRY;

/** True for a code of {@link ERROR_RETRY}. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_RETRY, code);

/** The codes that mean the peer's bytes could not be decoded. */
export type DecodeCode = "bad_frame" | "bad_json" | "unknown_op" | "bad_field";

/** Close codes of the socket (PROTOCOL.md 8). */
export const CLOSE = {
  goingAway: 1001,
  abnormal: 1006,
  tooBig: 1009,
  internal: 1011,
  restart: 1012,
  tooSlow: 1013,
  protocol: 4400,
  reauth: 4401,
  disabled: 4403,
  removed: 4404,
  version: 4406,
  noHello: 4408,
  replaced: 4409,
  quota: 4413,
  flood: 4429,
} as const;

/** What a client does once its socket is closed. */
export type AfterClose = "reconnect" | "refresh" | "stop";

const STOP: ReadonlySet<number> = new Set([
  CLOSE.tooBig,
  CLOSE.protocol,
  CLOSE.disabled,
  CLOSE.removed,
  CLOSE.version,
  CLOSE.noHello,
  CLOSE.replaced,
  CLOSE.quota,
  CLOSE.flood,
]);

/** Says how to go on after a close code; a code this version does not know means reconnecting. */
export function afterClose(code: number): AfterClose {
  if (code === CLOSE.reauth) return "refresh";
  return STOP.has(code) ? "stop" : "reconnect";
}
