import { ERROR_RETRY, type ErrorCode, type ErrorOp, type Key } from "@gitblobs/protocol";

/** What an error says beyond its code. */
export type ErrorFacts = Partial<Pick<ErrorOp, "retry_after_ms" | "current" | "need" | "upto">>;

/** The error operation of a code; its retry class follows from the code. */
export function failure(
  id: number | undefined,
  code: ErrorCode,
  message: string,
  facts: ErrorFacts = {},
): ErrorOp {
  return {
    op: "error",
    ...(id === undefined ? {} : { id }),
    code,
    message,
    retry: ERROR_RETRY[code],
    ...facts,
  };
}

/** The answer to a list that says another size of an object than it has. */
export const otherSize = (id: number, [type, hash]: Key): ErrorOp =>
  failure(id, "size_mismatch", `Another size was declared for the ${type} ${hash}.`);

/** The answer to a mid that was used for something else. */
export const midReused = (id: number): ErrorOp =>
  failure(id, "mid_reused", "This mid names another push or message.");
