import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CLIENT_SCHEMAS } from "./client-ops.ts";
import { SERVER_SCHEMAS } from "./server-ops.ts";

const page = readFileSync(new URL("../../PROTOCOL.md", import.meta.url), "utf8");

/** Operations with a body travel in binary frames; the page says so in their row. */
const WITH_BODY = { client: ["put", "chunk", "send"], server: ["objects", "part", "message"] };

/** The operations a section lists, and the fields of each as it spells them: with `?` those that may be missing. */
function operationsOf(section: string): ReadonlyMap<string, readonly string[]> {
  const text = page.split(/^## /mu).find((one) => one.startsWith(section)) ?? "";
  const rows = [...text.matchAll(/^\| `(\w+)`( \+ body)? *\|([^|]*)\|/gmu)];
  return new Map(
    rows.map(([, op = "", body = "", fields = ""]) => [
      op + body,
      [...fields.matchAll(/`(\w+\??)`/gu)]
        .map(([, field = ""]) => field)
        .filter((one) => one !== "op"),
    ]),
  );
}

interface Schema {
  readonly entries: Readonly<Record<string, { readonly type: string }>>;
}

/** What the schemas say, in the same form. */
function expected(
  schemas: object,
  withBody: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const plain = Object.entries(schemas).filter(([, schema]) => "entries" in (schema as object));
  return new Map(
    plain.map(([op, schema]) => [
      withBody.includes(op) ? `${op} + body` : op,
      Object.entries((schema as Schema).entries)
        .filter(([field]) => field !== "op")
        .map(([field, { type }]) => (type === "exact_optional" ? `${field}?` : field)),
    ]),
  );
}

const sorted = (
  operations: ReadonlyMap<string, readonly string[]>,
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    [...operations]
      .map(([op, fields]): [string, readonly string[]] => [op, fields.toSorted()])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Words in backquotes that a row needs besides its fields. */
const notFields: Readonly<Record<string, readonly string[]>> = {
  ok: ["stored", "known"],
  want: ["have"],
};

describe("PROTOCOL.md", () => {
  it("lists every operation of a client with every field", () => {
    const listed = operationsOf("5. Operations of a client");
    expect(sorted(listed)).toEqual(sorted(expected(CLIENT_SCHEMAS, WITH_BODY.client)));
  });

  it("lists every operation of the relay with every field", () => {
    const listed = new Map(operationsOf("6. Operations of the relay"));
    // Its two kinds are described below the table.
    expect(listed.get("event")).toEqual([]);
    listed.delete("event");
    for (const [op, words] of Object.entries(notFields)) {
      listed.set(
        op,
        (listed.get(op) ?? []).filter((field) => !words.includes(field)),
      );
    }
    expect(sorted(listed)).toEqual(sorted(expected(SERVER_SCHEMAS, WITH_BODY.server)));
  });

  it("tells the limits of a welcome", () => {
    const { limits } = SERVER_SCHEMAS.welcome.entries;
    const [, told = ""] = /^`limits` holds ([^;]*);/mu.exec(page) ?? [];
    const names = [...told.matchAll(/`(\w+)`/gu)].map(([, name = ""]) => name);
    expect(names.toSorted()).toEqual(Object.keys(limits.entries).toSorted());
  });
});
