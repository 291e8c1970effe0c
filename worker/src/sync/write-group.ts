import type { Chunk } from "@gitblobs/protocol";
import { declarePushes, type Declaration } from "./declare-push.ts";
import type { Outcome, Piece, SyncDeps } from "./piece.ts";
import { publish, type Publication } from "./publish.ts";
import { renewStore, type Renewal } from "./renew-store.ts";
import { storeChunks } from "./store-chunk.ts";
import { storeObjects, type VerifiedPut } from "./store-objects.ts";

/** One write, as a group takes it. */
export type SyncWrite =
  | { readonly kind: "put"; readonly put: VerifiedPut }
  | { readonly kind: "chunk"; readonly chunk: Chunk }
  | ({ readonly kind: "have" } & Declaration)
  | ({ readonly kind: "publication" } & Publication)
  | ({ readonly kind: "renew" } & Renewal)
  /** Nothing to write: how it comes out is known once the batch is committed. */
  | { readonly kind: "settled"; readonly outcome: () => Outcome };

/** A group of writes as one batch: so many statements, whatever their number. */
export interface Group {
  readonly statements: readonly D1PreparedStatement[];
  /** One outcome for each write, in order; `head` is where the store stood before the batch. */
  settle(results: readonly D1Result[], head: number): Promise<readonly Outcome[]>;
}

/** Compiles a group: objects first, then pieces, declarations, and what is published, in order. */
export function compileGroup(deps: SyncDeps, writes: readonly SyncWrite[]): Group {
  const puts = pick(writes, (write) => (write.kind === "put" ? write.put : undefined));
  const chunks = pick(writes, (write) => (write.kind === "chunk" ? write.chunk : undefined));
  const haves = pick(writes, (write) => (write.kind === "have" ? write : undefined));
  const publications = pick(writes, (write) => (write.kind === "publication" ? write : undefined));
  const renewals = pick(writes, (write) => (write.kind === "renew" ? write : undefined));
  const objects = storeObjects(deps, puts.items);
  const pieces = storeChunks(deps, chunks.items);
  const declarations = declarePushes(deps, haves.items);
  const events = publish(deps, publications.items, (key) => objects.draftOf(key));
  const parts: readonly (readonly [Piece, readonly number[]])[] = [
    [objects, puts.places],
    [pieces, chunks.places],
    [declarations, haves.places],
    [events, publications.places],
    [renewStore(deps, renewals.items), renewals.places],
  ];
  const compiled = parts.map(([piece, places]) => ({
    piece,
    places,
    statements: piece.statements,
  }));
  return {
    statements: compiled.flatMap(({ statements }) => statements),
    async settle(results, head) {
      const outcomes = writes.map((write): Outcome =>
        write.kind === "settled" ? write.outcome() : nothing,
      );
      let at = 0;
      for (const { piece, places, statements } of compiled) {
        const mine = results.slice(at, at + statements.length);
        at += statements.length;
        for (const [i, outcome] of (await piece.settle(mine, head)).entries()) {
          const place = places[i];
          if (place !== undefined) outcomes[place] = outcome;
        }
      }
      return outcomes;
    },
  };
}

const nothing: Outcome = { kind: "afterwards", act: () => undefined };

function pick<T>(writes: readonly SyncWrite[], of: (write: SyncWrite) => T | undefined) {
  const items: T[] = [];
  const places: number[] = [];
  for (const [place, write] of writes.entries()) {
    const item = of(write);
    if (item === undefined) continue;
    items.push(item);
    places.push(place);
  }
  return { items, places };
}
