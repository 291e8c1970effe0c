import { fromBase64Url, toBase64Url, toUtf8 } from "../encoding.ts";
import type { World } from "../world.ts";
import { digestOf } from "./digest.ts";
import { openSecretBox } from "./secret-box.ts";

const secretBytes = 32;
const form = /^gbr_([\w-]{43})\.([\w-]{43})$/u;
const purpose = "gitblobs-relay refresh successor v1";

/**
 * A refresh token: the family is the same for the session's life, the secret changes at each use. So a token of a known
 * family whose secret is old is a copy somebody kept, and cannot be made up by who only knows a session's id.
 */
export interface RefreshToken {
  readonly family: string;
  readonly secret: string;
}

/** A token for a new session, or the next one of `family`. */
export function mintRefreshToken(world: World, family?: string): RefreshToken {
  const random = () => toBase64Url(world.random(secretBytes));
  return { family: family ?? random(), secret: random() };
}

/** The token as the client keeps it. */
export function formatRefreshToken(token: RefreshToken): string {
  return `gbr_${token.family}.${token.secret}`;
}

/** The token in a text; undefined if it is none. */
export function parseRefreshToken(text: string): RefreshToken | undefined {
  const [, family, secret] = form.exec(text) ?? [];
  return family === undefined || secret === undefined ? undefined : { family, secret };
}

/** What the database keeps of a token. */
export async function digestsOf(token: RefreshToken): Promise<{ family: string; secret: string }> {
  return { family: await digestOf(token.family), secret: await digestOf(token.secret) };
}

/** Seals a token's successor so that only who shows the token itself can have it again. */
export async function sealSuccessor(
  world: World,
  token: RefreshToken,
  successor: RefreshToken,
): Promise<string> {
  const box = await openSecretBox(fromBase64Url(token.secret), purpose, world);
  return box.seal(toUtf8(successor.secret), token.family);
}

/** The successor that was sealed under the token; undefined if it was not this token. */
export async function openSuccessor(
  world: World,
  token: RefreshToken,
  sealed: string,
): Promise<RefreshToken | undefined> {
  const box = await openSecretBox(fromBase64Url(token.secret), purpose, world);
  const secret = await box.open(sealed, token.family);
  return secret === undefined
    ? undefined
    : { family: token.family, secret: new TextDecoder().decode(secret) };
}
