/** One row of a history drawn as a graph: the lane of its commit, and the lines that pass or start here. */
export interface GraphRow {
  readonly lane: number;
  /** Lanes that reach this row's commit from above. */
  readonly into: readonly number[];
  /** Lanes that its parents go on in below. */
  readonly out: readonly number[];
  /** Lanes that pass by. */
  readonly past: readonly number[];
  readonly lanes: number;
}

/** Lays commits out, newest first, each with the hashes of its parents. */
export function layOut(
  commits: readonly { readonly hash: string; readonly parents: readonly string[] }[],
): GraphRow[] {
  /** Which commit each lane leads down to; null for a free lane. */
  let lanes: (string | null)[] = [];
  return commits.map(({ hash, parents }) => {
    const into = lanes.flatMap((wanted, lane) => (wanted === hash ? [lane] : []));
    const lane = into[0] ?? freeLane(lanes);
    const past = lanes.flatMap((wanted, at) => (wanted !== null && wanted !== hash ? [at] : []));
    lanes = lanes.map((wanted) => (wanted === hash ? null : wanted));
    lanes[lane] = null;
    const out = parents.map((parent, index) => {
      const shared = lanes.indexOf(parent);
      // A first parent goes straight on, unless its line runs further left already.
      if (shared !== -1 && (index > 0 || shared < lane)) return shared;
      const own = index === 0 ? lane : freeLane(lanes, lane);
      lanes[own] = parent;
      return own;
    });
    while (lanes.length > 0 && lanes.at(-1) === null) lanes.pop();
    const widest = Math.max(lane, ...into, ...out, ...past);
    return { lane, into, out, past, lanes: widest + 1 };
  });
}

function freeLane(lanes: readonly (string | null)[], taken = -1): number {
  const free = lanes.findIndex((wanted, lane) => wanted === null && lane !== taken);
  return free === -1 ? Math.max(lanes.length, taken + 1) : free;
}
