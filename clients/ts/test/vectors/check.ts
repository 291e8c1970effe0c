import { canonicalClaims } from "./canonical-claims.ts";
import { checkClaims, type ClaimReport } from "../../../../protocol/ts/test/vectors/claim.ts";
import { codecClaims } from "../../../../protocol/ts/test/vectors/codec-claims.ts";
import { mergeClaims } from "./merge-claims.ts";
import { textClaims } from "./text-claims.ts";

/** Checks all that the shared vectors say, in the runtime and the language this is called in. */
export const checkVectors = (): Promise<ClaimReport> =>
  checkClaims([...codecClaims, ...canonicalClaims, ...mergeClaims, ...textClaims]);
