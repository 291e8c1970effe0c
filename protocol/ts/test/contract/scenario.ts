import type { SizedKey } from "../../src/index.ts";

/** A scenario of `vectors/relay-contract.json`: what a relay does, as its clients see it. */
export interface Scenario {
  readonly name: string;
  /** The objects it speaks of, by name. */
  readonly objects?: Readonly<Record<string, Text>>;
  readonly steps: readonly Step[];
}

/** A text, written out or as a shorter one that is repeated. */
export type Text = string | { readonly repeat: string; readonly times: number };

/** One step: what is done, and its facts. */
export type Step = Readonly<Record<string, unknown>> & { readonly do: string };

/** An object of a scenario; all are blobs. */
export interface ContractObject {
  readonly key: SizedKey;
  readonly bytes: Uint8Array;
}

/** Writes a text out. */
export const textOf = (text: Text): string =>
  typeof text === "string" ? text : text.repeat.repeat(text.times);

/** The objects of a scenario with their hashes. */
export async function objectsOf({ objects = {} }: Scenario): Promise<Map<string, ContractObject>> {
  const made = new Map<string, ContractObject>();
  for (const [name, text] of Object.entries(objects)) {
    const bytes = new TextEncoder().encode(textOf(text));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    made.set(name, { key: ["blob", hash, bytes.length], bytes });
  }
  return made;
}

/** Takes the facts a step must have, and those it may have; it must not have any others. */
export function factsOf(step: Step, must: readonly string[], may: readonly string[] = []): void {
  for (const name of must) if (!(name in step)) throw new Error(`${step.do} has no ${name}`);
  for (const name of Object.keys(step))
    if (name !== "do" && !must.includes(name) && !may.includes(name))
      throw new Error(`${step.do} has a fact nobody knows: ${name}`);
}
