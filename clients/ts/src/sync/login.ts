import type { Call } from "@gitblobs/protocol";
import * as v from "valibot";
import { checkedAddress } from "./address.ts";
import type { Credential } from "./handshake.ts";
import { sendRequest, type Answer, type HttpRequest } from "./http.ts";
import type { Problem } from "./problem.ts";
import { STORAGE_BLOCKED } from "./reasons.ts";
import type { Schema } from "./schema.ts";
import type { Surroundings } from "./surroundings.ts";

const userSchema = v.object({
  id: v.string(),
  username: v.string(),
  role: v.picklist(["user", "admin"]),
  password_must_change: v.boolean(),
});

const grantSchema = v.object({
  access_token: v.string(),
  expires_in: v.number(),
  refresh_token: v.string(),
  user: userSchema,
});

const savedLoginForm = v.object({
  refreshToken: v.string(),
  accessToken: v.string(),
  expiresAt: v.number(),
  device: v.string(),
  user: userSchema,
});

const meSchema = v.object({ user: v.object({ username: v.string() }) });

const ticketSchema = v.object({ ticket: v.string() });

/** The user who is logged in. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly role: "user" | "admin";
  /** The password is good for one login: nothing else is allowed before it was changed. */
  readonly password_must_change: boolean;
}

/** What a device keeps between visits. Whoever has it is logged in: keep it where only this program reads. */
export interface SavedLogin {
  readonly refreshToken: string;
  readonly accessToken: string;
  /** When the access token ends, by this machine's clock. */
  readonly expiresAt: number;
  readonly device: string;
  readonly user: User;
}

/** The form of a {@link SavedLogin}, for vaults that read it back from text. */
export const savedLoginSchema: Schema<SavedLogin> = savedLoginForm;

/** A login that a vault reads back from text; null where the text is none. */
export function readSavedLogin(text: string): SavedLogin | null {
  try {
    const result = v.safeParse(savedLoginForm, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** Where a login is kept. Tabs of one browser share a vault. It may reject when its storage is full or blocked. */
export interface Vault {
  /** What was saved last; null when nobody is logged in. */
  load(): Promise<SavedLogin | null>;
  /** Takes the place of what was saved; null forgets it. */
  save(login: SavedLogin | null): Promise<void>;
  /** Runs one refresh at a time, over all who share the vault: a refresh token can be used once. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * A vault that lives as long as the process.
 *
 * @example
 * ```ts
 * const login = new Login("https://relay.example.com", realSurroundings, memoryVault());
 * ```
 */
export function memoryVault(): Vault {
  let saved: SavedLogin | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    load: () => Promise.resolve(saved),
    save: (login) => {
      saved = login;
      return Promise.resolve();
    },
    exclusively: <T>(work: () => Promise<T>) => {
      const mine = turn.then(work);
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** Below this much life left, a token is exchanged before it is used. */
const REFRESH_MARGIN_MS = 30_000;

/** So often is a refresh tried that another is about to make. */
const MAX_RACES = 5;

const signedOut: Problem = {
  status: 401,
  code: "signed_out",
  message: "You are signed out. Log in again.",
  then: "ask",
};

const storageBlocked = (error: unknown): Problem => ({
  status: 0,
  code: STORAGE_BLOCKED,
  then: "ask",
  message: `The storage that keeps the login cannot be used: ${error instanceof Error ? error.message : String(error)}`,
});

/**
 * A user's login on this device: logs in, keeps the tokens fresh, and sends requests with them. When the vault cannot
 * take a login or a fresh token, this object holds it for as long as it lives.
 *
 * @example
 * ```ts
 * const login = new Login("https://relay.example.com", realSurroundings, memoryVault());
 * const answer = await login.logIn("ada", password, "my-program");
 * if (!answer.ok) throw new Error(answer.problem.message);
 * ```
 */
export class Login {
  /** Where the relay is: `https://host`. */
  readonly relayUrl: string;
  readonly #world: Surroundings;
  readonly #vault: Vault;
  readonly #onSignedOut: () => void;
  /** What the vault could not take, and the refresh token in the vault that it replaces: that one is used up. */
  #unsaved: { readonly login: SavedLogin; readonly inPlaceOf: string | undefined } | undefined;

  /**
   * @param relayUrl where the relay is: `https://host`, or `http://` to this machine
   * @param onSignedOut called when the relay ended the session
   * @throws TypeError when a password must not be sent there, or a relay cannot be there; says why
   */
  constructor(
    relayUrl: string,
    world: Surroundings,
    vault: Vault,
    onSignedOut: () => void = () => undefined,
  ) {
    this.relayUrl = checkedAddress(relayUrl);
    this.#world = world;
    this.#vault = vault;
    this.#onSignedOut = onSignedOut;
  }

  /** Who is logged in, as far as this device knows; null when nobody is. Works offline; rejects when the vault does. */
  async saved(): Promise<SavedLogin | null> {
    const unsaved = this.#unsaved;
    if (unsaved === undefined) return this.#vault.load();
    const kept = await this.#vault.load().catch(() => undefined);
    // Another tab may have logged out or in meanwhile: what it saved is newer.
    return kept === undefined || kept?.refreshToken === unsaved.inPlaceOf ? unsaved.login : kept;
  }

  /** Logs in; `device` is the name the user will see in the list of sessions. */
  async logIn(username: string, password: string, device: string): Promise<Answer<User>> {
    const body = { username, password, device };
    const request = { method: "POST", path: "/login", body, schema: grantSchema } as const;
    const answer = await this.#send(request, "login");
    if (!answer.ok) return answer;
    await this.#keep(answer.value, device);
    return { ok: true, value: answer.value.user };
  }

  /**
   * Ends this session, or all of the user's. The device forgets it even when the relay cannot be reached; "storage_blocked"
   * says that it could not. Never rejects.
   */
  async logOut(everywhere = false): Promise<Answer<undefined>> {
    const body = everywhere ? { all: true } : {};
    const answer = await this.request({ method: "POST", path: "/logout", body });
    if (everywhere && !answer.ok) return answer;
    try {
      await this.#forget();
      return answer;
    } catch (error) {
      return { ok: false, problem: storageBlocked(error) };
    }
  }

  /** Sends a request with a fresh token; when the relay no longer takes it, refreshes once. */
  async request<T = undefined>(request: Omit<HttpRequest<T>, "token">): Promise<Answer<T>> {
    const first = await this.accessToken();
    if (!first.ok) return first;
    const answer = await this.#send({ ...request, token: first.value });
    if (answer.ok || answer.problem.then !== "renew") return answer;
    const second = await this.accessToken(first.value);
    return second.ok ? this.#send({ ...request, token: second.value }) : second;
  }

  /** What opens a socket here: a fresh ticket for a page, the access token for a program. Never rejects. */
  async credential(signal?: AbortSignal): Promise<Answer<Credential>> {
    if (this.#world.sendsHeaders) {
      // Asked for before it is used: a socket that is refused does not say that its token was revoked.
      const me = await this.request({ method: "GET", path: "/me", schema: meSchema, signal });
      const token = me.ok ? await this.accessToken() : me;
      return token.ok ? { ok: true, value: { kind: "token", token: token.value } } : token;
    }
    const answer = await this.request({
      method: "POST",
      path: "/ws/ticket",
      body: {},
      schema: ticketSchema,
      signal,
    });
    return answer.ok
      ? { ok: true, value: { kind: "ticket", ticket: answer.value.ticket } }
      : answer;
  }

  /** An access token that still lives; `refused` names one that the relay did not take. Never rejects. */
  async accessToken(refused?: string): Promise<Answer<string>> {
    try {
      const usable = await this.#usable(refused);
      if (usable !== undefined) return usable;
      return await this.#vault.exclusively(async () => {
        // Another tab may have refreshed while this one waited for its turn.
        return this.#refreshInTurn(refused);
      });
    } catch (error) {
      return { ok: false, problem: storageBlocked(error) };
    }
  }

  /** A token that replaces the present one, whatever life that has left. Never rejects. */
  async freshToken(): Promise<Answer<string>> {
    const present = await this.accessToken();
    return present.ok ? this.accessToken(present.value) : present;
  }

  async #usable(refused: string | undefined): Promise<Answer<string> | undefined> {
    const saved = await this.saved();
    if (saved === null) return { ok: false, problem: signedOut };
    const lives = saved.expiresAt - this.#world.now() > REFRESH_MARGIN_MS;
    return lives && saved.accessToken !== refused
      ? { ok: true, value: saved.accessToken }
      : undefined;
  }

  /** Takes the tokens of whoever was faster; refreshes where nobody was. */
  async #refreshInTurn(refused: string | undefined): Promise<Answer<string>> {
    for (let tries = 1; ; tries++) {
      const answer = (await this.#usable(refused)) ?? (await this.#refresh());
      // Another who does not share this vault's lock is refreshing: its tokens come, or it was cut and ours are good.
      if (answer.ok || answer.problem.then !== "now" || tries === MAX_RACES) return answer;
      const pause = (answer.problem.retryAfterSeconds ?? 1) * 1000;
      await this.#world.wait(pause, new AbortController().signal);
    }
  }

  /** PROTOCOL.md 8.1: nothing but the relay's own refusal of this token ends the login. */
  async #refresh(): Promise<Answer<string>> {
    const saved = await this.saved();
    if (saved === null) return { ok: false, problem: signedOut };
    const body = { refresh_token: saved.refreshToken };
    const request = { method: "POST", path: "/refresh", body, schema: grantSchema } as const;
    const answer = await this.#send(request, "refresh");
    if (answer.ok) {
      await this.#keep(answer.value, saved.device);
      return { ok: true, value: answer.value.access_token };
    }
    if (answer.problem.then !== "ask") return answer;
    await this.#forget();
    this.#onSignedOut();
    return { ok: false, problem: signedOut };
  }

  #forget(): Promise<void> {
    this.#unsaved = undefined;
    return this.#vault.save(null);
  }

  async #keep(grant: v.InferOutput<typeof grantSchema>, device: string): Promise<void> {
    const login = {
      refreshToken: grant.refresh_token,
      accessToken: grant.access_token,
      expiresAt: this.#world.now() + grant.expires_in * 1000,
      device,
      user: grant.user,
    };
    try {
      await this.#vault.save(login);
      this.#unsaved = undefined;
    } catch {
      // The old refresh token is used up: to lose this one would log the user out.
      const kept = await this.#vault.load().catch(() => null);
      this.#unsaved = { login, inPlaceOf: kept?.refreshToken };
    }
  }

  #send<T>(request: HttpRequest<T>, call: Call = "http"): Promise<Answer<T>> {
    return sendRequest(this.#world, this.relayUrl, request, call);
  }
}
