import { SignJWT, exportSPKI, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { readRing } from "../src/auth/keyring.ts";
import { toBase64Url, toUtf8 } from "../src/encoding.ts";
import { addSession, ask } from "./people.ts";
import { startRelay, type TestRelay } from "./test-relay.ts";

const encode = (value: unknown) => toBase64Url(toUtf8(JSON.stringify(value)));

function decode(part: string | undefined): Record<string, unknown> {
  const value: unknown = JSON.parse(atob((part ?? "").replace(/-/gu, "+").replace(/_/gu, "/")));
  return typeof value === "object" && value !== null ? { ...value } : {};
}

async function fixture() {
  const relay = startRelay();
  const session = await addSession(relay);
  const [header = "", payload = "", signature = ""] = session.access.split(".");
  const [key] = (await readRing(relay.env, relay.world)).keys;
  if (key === undefined) {
    throw new Error("the ring is empty");
  }
  const sign = (headers: Record<string, unknown>, claims: Record<string, unknown>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", ...headers })
      .sign(key.secret, { crit: { b64: true, "x-unknown": true } });
  return {
    relay,
    session,
    header,
    payload,
    signature,
    key,
    headers: decode(header),
    claims: decode(payload),
    sign,
  };
}

const accepted = async (relay: TestRelay, token: string) =>
  (await ask(relay, "GET", "/me", { token })).status !== 401;

describe("forged tokens (9.1.1-9.1.3)", () => {
  it("are refused whatever their algorithm says", async () => {
    const { relay, headers, claims, payload, signature, key } = await fixture();
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    const spki = toUtf8(await exportSPKI(publicKey));
    const hmac = (alg: string, secret: Uint8Array) =>
      new SignJWT(claims).setProtectedHeader({ ...headers, alg }).sign(secret);
    const unsigned = ["none", "None", "NONE", "nOnE", ""].flatMap((alg) => [
      `${encode({ ...headers, alg })}.${payload}.`,
      `${encode({ ...headers, alg })}.${payload}.${signature}`,
    ]);
    const corpus = [
      ...unsigned,
      await new SignJWT(claims).setProtectedHeader({ ...headers, alg: "RS256" }).sign(privateKey),
      await hmac("HS256", spki),
      await hmac("HS512", key.secret.length < 64 ? new Uint8Array(64) : key.secret),
      await hmac("HS256", new Uint8Array(32)),
      await hmac("HS256", new TextEncoder().encode("secret".repeat(6))),
      `${encode({ ...headers, alg: "HS512" })}.${payload}.${signature}`,
    ];
    for (const token of corpus) {
      expect(await accepted(relay, token), token).toBe(false);
    }
  });

  it("are refused with any bit of the signature flipped, cut or doubled", async () => {
    const { relay, header, payload, signature } = await fixture();
    const flipped = Array.from({ length: 42 }, (_, index) => {
      const letter = signature[index] === "A" ? "B" : "A";
      return `${header}.${payload}.${signature.slice(0, index)}${letter}${signature.slice(index + 1)}`;
    });
    const shapes = [
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, 40)}`,
      `${header}.${payload}.${signature}.${signature}`,
      `.${payload}.${signature}`,
      `${header}..${signature}`,
      "..",
      "a.b.c",
      "x".repeat(5000),
      `${header}.${payload}${"A".repeat(4000)}.${signature}`,
    ];
    for (const token of [...flipped, ...shapes]) {
      expect(await accepted(relay, token), token).toBe(false);
    }
  });

  it("are refused with headers that name another key, even when signed by ours", async () => {
    const { relay, headers, claims, sign } = await fixture();
    const jwk = { kty: "oct", k: encode("k") };
    const extras = [
      { jku: "https://evil.example/keys" },
      { jwk },
      { x5u: "https://evil.example/cert" },
      { x5c: ["AAAA"] },
      { zip: "DEF" },
      { cty: "JWT" },
      { crit: ["x-unknown"], "x-unknown": 1 },
      { kid: "../../dev/null" },
      { kid: "' OR 1=1 --" },
      { kid: "A".repeat(12) },
      { kid: "" },
      { typ: "JWT" },
      { typ: undefined },
    ];
    expect(await accepted(relay, await sign(headers, claims))).toBe(true);
    for (const extra of extras) {
      expect(
        await accepted(relay, await sign({ ...headers, ...extra }, claims)),
        JSON.stringify(extra),
      ).toBe(false);
    }
  });
});

describe("tokens with wrong claims (9.2.1-9.2.4)", () => {
  it("are refused although our key signed them", async () => {
    const { relay, headers, claims, sign, session } = await fixture();
    const other = await addSession(relay);
    const now = Math.floor(relay.now() / 1000);
    const mutations: Record<string, unknown>[] = [
      { exp: now - 1 },
      { exp: undefined },
      { exp: "soon" },
      { exp: now + 10 ** 9, iat: now - 10 ** 6 },
      { nbf: now + 60 },
      { iat: now + 3600 },
      { iat: undefined },
      { aud: "someone-else" },
      { aud: undefined },
      { iss: "gitblobs-relay/prod" },
      { iss: undefined },
      { sub: other.user.id },
      { sub: undefined },
      { sub: { $ne: null } },
      { sid: other.id },
      { sid: "ses_nobody" },
      { sid: undefined },
      { sv: 2 },
      { sv: "1" },
      { role: "root" },
      { jti: undefined },
      { admin: true },
    ];
    for (const mutation of mutations) {
      const token = await sign(headers, { ...claims, ...mutation });
      expect(await accepted(relay, token), JSON.stringify(mutation)).toBe(false);
    }
    const promoted = await sign(headers, { ...claims, role: "admin" });
    expect((await ask(relay, "GET", "/admin/users", { token: promoted })).status).toBe(403);
    expect(await accepted(relay, session.access)).toBe(true);
  });

  it("of another environment are refused", async () => {
    const { session } = await fixture();
    expect(await accepted(startRelay({ ENVIRONMENT: "staging" }), session.access)).toBe(false);
  });

  it("expire to the second", async () => {
    const { relay, session, claims } = await fixture();
    relay.advance(Number(claims["exp"]) * 1000 - relay.now() - 500);
    expect(await accepted(relay, session.access)).toBe(true);
    relay.advance(500);
    expect(await accepted(relay, session.access)).toBe(false);
  });

  it("hold no name and nothing personal", async () => {
    const { claims } = await fixture();
    expect(Object.keys(claims).sort()).toEqual([
      "aud",
      "exp",
      "iat",
      "iss",
      "jti",
      "nbf",
      "role",
      "sid",
      "sub",
      "sv",
    ]);
  });

  it("are not found in the query (14.2.1)", async () => {
    const { relay, session } = await fixture();
    const answer = await ask(relay, "GET", `/me?token=${session.access}`);
    expect(answer.status).toBe(401);
    const both = await ask(relay, "GET", `/me?token=${session.access}`, { token: session.access });
    expect(both.status).toBe(400);
  });
});
