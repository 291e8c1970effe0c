/** What the relay takes from outside besides its bindings; tests bring their own. */
export interface World {
  /** Milliseconds since 1970 (UTC). */
  now(): number;
  /** Bytes of a cryptographically secure random generator. */
  random(byteCount: number): Uint8Array<ArrayBuffer>;
  /** Writes one line of the log. */
  log(line: string): void;
}

/** The real clock, random generator and log. */
export const realWorld: World = {
  now: () => Date.now(),
  random: (byteCount) => crypto.getRandomValues(new Uint8Array(byteCount)),
  log: (line) => {
    console.log(line);
  },
};
