import vectors from "../../../../protocol/vectors/canonical.json" with { type: "json" };
import { canonicalText } from "../../src/store/canonical.ts";
import { makeMetadata } from "../../src/store/create.ts";
import { rootOrder } from "../../src/store/key-order.ts";
import type { JsonObject } from "../../src/store/objects.ts";
import { fromHex, type Claim } from "../../../../protocol/ts/test/vectors/claim.ts";

const numberOf = (bits: string) => new DataView(fromHex(bits).buffer as ArrayBuffer).getFloat64(0);

/** What canonical.json says: how numbers are written, how keys are sorted, what is hashed. */
export const canonicalClaims: readonly Claim[] = [
  ...vectors.numbers.map(({ bits, text }) => ({
    name: `the number ${text} is written as such`,
    wanted: `{"n":${text}}`,
    actual: () => canonicalText({ n: numberOf(bits) }),
  })),
  {
    name: "keys are sorted by the root collation",
    wanted: vectors.sorted_keys,
    actual: () => vectors.sorted_keys.toReversed().sort(rootOrder),
  },
  ...vectors.metadata.map(({ json, canonical, hash }) => ({
    name: `metadata has its canonical text and hash: ${json}`,
    wanted: [canonical, hash],
    actual: async () => {
      const data = JSON.parse(json) as JsonObject;
      return [canonicalText(data), (await makeMetadata(data)).hash];
    },
  })),
];
