/** What a vector says: `actual` gives `wanted`. Plain values and functions, so that they are checked in any runtime. */
export interface Claim {
  readonly name: string;
  readonly wanted: unknown;
  readonly actual: () => unknown;
}

/** What checking claims found; `checked` guards against a run that looked at nothing. */
export interface ClaimReport {
  readonly language: string;
  readonly checked: number;
  readonly failures: readonly string[];
}

/** Checks claims where no test runner is. */
export async function checkClaims(claims: readonly Claim[]): Promise<ClaimReport> {
  const failures: string[] = [];
  for (const { name, wanted, actual } of claims) {
    const found = textOf(await actual());
    if (found !== textOf(wanted)) failures.push(`${name}: ${found} instead of ${textOf(wanted)}`);
  }
  const language = new Intl.Collator().resolvedOptions().locale;
  return { language, checked: claims.length, failures };
}

/** The same text for values that are the same but for the order of their keys. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** Bytes as a vector writes them, and back. */
export const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));

/** The other way round. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
