import { SignJWT, errors, jwtVerify, type JWTHeaderParameters } from "jose";
import * as v from "valibot";
import { toBase64Url } from "../encoding.ts";
import type { Env } from "../env.ts";
import { RelayError } from "../http/problem.ts";
import { role, sessionId, userId } from "../schemas/account.ts";
import type { World } from "../world.ts";
import { signingKey, type KeyFinder } from "./keyring.ts";

/** Life of an access token. */
export const accessTokenSeconds = 15 * 60;
const maxTokenLength = 2048;
const audience = "gitblobs-relay";
const type = "at+jwt";

const headerSchema = v.strictObject({
  alg: v.literal("HS256"),
  typ: v.literal(type),
  kid: v.pipe(v.string(), v.regex(/^[\w-]{12}$/u)),
});
const claimsSchema = v.strictObject({
  iss: v.string(),
  aud: v.literal(audience),
  sub: userId,
  sid: sessionId,
  sv: v.pipe(v.number(), v.integer()),
  role,
  jti: v.string(),
  iat: v.number(),
  nbf: v.number(),
  exp: v.number(),
});

/** What an access token says, once its signature, times, issuer and audience are checked. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly sessionVersion: number;
  /** The key that signed it. */
  readonly kid: string;
}

/** Tokens of one environment are worth nothing in another. */
function issuerOf(env: Env): string {
  return `gitblobs-relay/${env.ENVIRONMENT}`;
}

/** Signs an access token for a session. */
export async function signAccessToken(
  env: Env,
  world: World,
  session: {
    readonly id: string;
    readonly userId: string;
    readonly sessionVersion: number;
    readonly role: "user" | "admin";
  },
): Promise<string> {
  const key = await signingKey(env, world);
  const issuedAt = Math.floor(world.now() / 1000);
  return new SignJWT({ sid: session.id, sv: session.sessionVersion, role: session.role })
    .setProtectedHeader({ alg: "HS256", typ: type, kid: key.kid })
    .setIssuer(issuerOf(env))
    .setAudience(audience)
    .setSubject(session.userId)
    .setJti(toBase64Url(world.random(12)))
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + accessTokenSeconds)
    .sign(key.secret);
}

/**
 * Checks a token as RFC 8725 asks: one algorithm, explicit type, a key found by its id in our own ring, issuer,
 * audience and times; headers that could name another key are not accepted at all.
 *
 * @throws RelayError `not_authenticated`, always the same
 */
export async function verifyAccessToken(
  env: Env,
  world: World,
  findKey: KeyFinder,
  token: string,
): Promise<AccessClaims> {
  if (token.length > maxTokenLength) {
    throw new RelayError("not_authenticated");
  }
  const keyOf = async (header: JWTHeaderParameters): Promise<Uint8Array> => {
    const checked = v.safeParse(headerSchema, header);
    const key = checked.success ? await findKey(env, checked.output.kid) : undefined;
    if (key === undefined) {
      throw new RelayError("not_authenticated");
    }
    return key.secret;
  };
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      algorithms: ["HS256"],
      typ: type,
      issuer: issuerOf(env),
      audience,
      requiredClaims: ["sub", "sid", "sv", "jti", "iat", "nbf", "exp"],
      maxTokenAge: accessTokenSeconds,
      clockTolerance: 0,
      currentDate: new Date(world.now()),
    });
    const claims = v.parse(claimsSchema, payload);
    return {
      userId: claims.sub,
      sessionId: claims.sid,
      sessionVersion: claims.sv,
      kid: protectedHeader.kid ?? "",
    };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof v.ValiError) {
      throw new RelayError("not_authenticated");
    }
    throw error;
  }
}
