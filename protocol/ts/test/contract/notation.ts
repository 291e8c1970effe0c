import { textOf, type ContractObject, type Text } from "./scenario.ts";

const UTF8 = new TextEncoder();
const inBase64 = (text: Text): string => Buffer.from(textOf(text)).toString("base64");

/** What the names in a scenario's operations stand for. */
export class Notation {
  readonly #objects: ReadonlyMap<string, ContractObject>;
  readonly #bound: Map<string, unknown>;

  constructor(
    objects: ReadonlyMap<string, ContractObject>,
    known: Readonly<Record<string, string>>,
  ) {
    this.#objects = objects;
    this.#bound = new Map(Object.entries(known));
  }

  object(name: unknown): ContractObject {
    const object = this.#objects.get(String(name));
    if (object === undefined) throw new Error(`there is no object ${String(name)}`);
    return object;
  }

  /** An operation as it is sent: names replaced, objects and their bytes put in. */
  operation(written: unknown): Record<string, unknown> {
    const op = this.value(written) as Record<string, unknown>;
    if (typeof op["say"] === "string") {
      const { say, ...rest } = op;
      const bytes = UTF8.encode(say);
      return { ...rest, len: bytes.length, bytes };
    }
    if (op["object"] === undefined) return op;
    const { object, bytes: other, ...rest } = op;
    const { key, bytes } = this.object(object);
    const [type, hash, size] = key;
    const source = other === undefined ? bytes : this.object(other).bytes;
    if (op["op"] === "put") return { ...rest, type, hash, len: source.length, bytes: source };
    const offset = Number(op["offset"]);
    const body = source.subarray(offset, offset + Number(op["len"]));
    return { size, ...rest, type, hash, bytes: body };
  }

  /** A value with all its names replaced. */
  value(written: unknown): unknown {
    if (typeof written === "string")
      return written.startsWith("$") ? this.#named(written) : written;
    if (Array.isArray(written)) return written.map((one) => this.value(one));
    if (typeof written !== "object" || written === null) return written;
    if ("repeat" in written) return textOf(written as Text);
    if ("base64" in written) return inBase64(written.base64 as Text);
    return Object.fromEntries(
      Object.entries(written).map(([name, value]) => [name, this.value(value)]),
    );
  }

  #named(name: string): unknown {
    const [, of, facet] = /^\$(\w+)\.(hash|key|sized)$/.exec(name) ?? [];
    if (of !== undefined) {
      const { key } = this.object(of);
      return facet === "hash" ? key[1] : facet === "key" ? key.slice(0, 2) : key;
    }
    if (!this.#bound.has(name.slice(1))) throw new Error(`nothing is named ${name} yet`);
    return this.#bound.get(name.slice(1));
  }

  /**
   * Where an answer differs from what was expected of it; undefined where it does not. Fields that are not mentioned
   * may be anything, a name that stands for nothing yet takes what is there.
   */
  difference(expected: unknown, actual: unknown, path = ""): string | undefined {
    const differs = () =>
      `${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
    if (expected === "$absent") return actual === undefined ? undefined : differs();
    if (typeof expected === "string" && /^\$\w+$/.test(expected)) {
      const name = expected.slice(1);
      if (actual === undefined) return differs();
      if (!this.#bound.has(name)) this.#bound.set(name, actual);
      return this.#bound.get(name) === actual ? undefined : differs();
    }
    if (typeof expected === "string")
      return this.value(expected) === actual ||
        (expected.startsWith("$") &&
          JSON.stringify(this.value(expected)) === JSON.stringify(actual))
        ? undefined
        : differs();
    if (Array.isArray(expected)) {
      if (!Array.isArray(actual) || actual.length !== expected.length) return differs();
      return first(expected, (one, i) => this.difference(one, actual[i], `${path}[${i}]`));
    }
    if (typeof expected !== "object" || expected === null)
      return expected === actual ? undefined : differs();
    if ("repeat" in expected || "base64" in expected)
      return this.value(expected) === actual ? undefined : differs();
    if (typeof actual !== "object" || actual === null) return differs();
    const fields = actual as Readonly<Record<string, unknown>>;
    return first(Object.entries(expected), ([name, value]) =>
      this.difference(value, fields[name], `${path}.${name}`),
    );
  }
}

function first<T>(
  all: readonly T[],
  look: (one: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, one] of all.entries()) {
    const found = look(one, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
