import { ERROR_RETRY, type ErrorCode, type ErrorOp, type Party } from "@gitblobs/protocol";

/** The error operation of a code, as the relay words it. */
export const failure = (code: ErrorCode, id?: number, facts: Partial<ErrorOp> = {}): ErrorOp => ({
  op: "error",
  ...(id === undefined ? {} : { id }),
  code,
  message: code,
  retry: ERROR_RETRY[code],
  ...facts,
});

/** What is answered when it is better to send the same again a little later. */
export const tryLater = (code: "unavailable" | "flood", id: number): ErrorOp =>
  failure(code, id, { retry_after_ms: 1_000 });

/** Whose devices they are. */
export const member = "usr-ada";

export const isSameParty = (one: Party | undefined, other: Party | undefined): boolean =>
  one?.join(" ") === other?.join(" ");

export const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** A name for an object that a map can hold. */
export const nameOf = ([type, hash]: readonly [string, string, number?]): string =>
  `${type} ${hash}`;
