import { ERROR_RETRY, type ErrorCode, type ErrorOp } from "@gitblobs/protocol";

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
