import * as v from "valibot";
import type { Credential } from "./handshake.ts";
import { sendRequest, type Answer, type HttpRequest, type Problem } from "./http.ts";
import { STORAGE_BLOCKED } from "./reasons.ts";
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

const ticketSchema = v.object({ ticket: v.string() });

/** The user who is logged in. */
export type User = v.InferOutput<typeof userSchema>;

/** The form of a {@link SavedLogin}, for vaults that read it back from text. */
export const savedLoginSchema = v.object({
  refreshToken: v.string(),
  accessToken: v.string(),
  /** When the access token ends, by this machine's clock. */
  expiresAt: v.number(),
  device: v.string(),
  user: userSchema,
});
/** What a device keeps between visits. Whoever has it is logged in: keep it where only this program reads. */
export type SavedLogin = v.InferOutput<typeof savedLoginSchema>;

/** Where a login is kept. Tabs of one browser share a vault. It may reject when its storage is full or blocked. */
export interface Vault {
  /** What was saved last; null when nobody is logged in. */
  load(): Promise<SavedLogin | null>;
  /** Takes the place of what was saved; null forgets it. */
  save(login: SavedLogin | null): Promise<void>;
  /** Runs one refresh at a time, over all who share the vault: a refresh token can be used once. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

/** A vault that lives as long as the process. */
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

const signedOut: Problem = {
  status: 401,
  code: "signed_out",
  message: "You are signed out. Log in again.",
};

const storageBlocked = (error: unknown): Problem => ({
  status: 0,
  code: STORAGE_BLOCKED,
  message: `The storage that keeps the login cannot be used: ${error instanceof Error ? error.message : String(error)}`,
});

/**
 * A user's login on this device: logs in, keeps the tokens fresh, and sends requests with them. When the vault cannot
 * take a login or a fresh token, this object holds it for as long as it lives.
 */
export class Login {
  readonly #world: Surroundings;
  readonly #vault: Vault;
  readonly #onSignedOut: () => void;
  /** What the vault could not take, and the refresh token in the vault that it replaces: that one is used up. */
  #unsaved: { readonly login: SavedLogin; readonly inPlaceOf: string | undefined } | undefined;

  /**
   * @param relayUrl where the relay is: `https://host`
   * @param onSignedOut called when the relay ended the session
   */
  constructor(
    readonly relayUrl: string,
    world: Surroundings,
    vault: Vault,
    onSignedOut: () => void = () => undefined,
  ) {
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
    const answer = await this.#send({ method: "POST", path: "/login", body, schema: grantSchema });
    if (!answer.ok) return answer;
    await this.#keep(answer.value, device);
    return { ok: true, value: answer.value.user };
  }

  /** Ends this session, or all of the user's. The device forgets it even when the relay cannot be reached. */
  async logOut(everywhere = false): Promise<Answer<undefined>> {
    const body = everywhere ? { all: true } : {};
    const answer = await this.request({ method: "POST", path: "/logout", body });
    if (!everywhere || answer.ok) await this.#forget();
    return answer;
  }

  /** Sends a request with a fresh token; when the relay no longer takes it, refreshes once. */
  async request<T = undefined>(request: Omit<HttpRequest<T>, "token">): Promise<Answer<T>> {
    const first = await this.accessToken();
    if (!first.ok) return first;
    const answer = await this.#send({ ...request, token: first.value });
    if (answer.ok || answer.problem.status !== 401) return answer;
    const second = await this.accessToken(first.value);
    return second.ok ? this.#send({ ...request, token: second.value }) : second;
  }

  /** What opens a socket here: a fresh ticket for a page, the access token for a program. Never rejects. */
  async credential(signal?: AbortSignal): Promise<Answer<Credential>> {
    if (this.#world.sendsHeaders) {
      // Asked for before it is used: a socket that is refused does not say that its token was revoked.
      const me = await this.request({ method: "GET", path: "/me", signal });
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
        return (await this.#usable(refused)) ?? (await this.#refresh());
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

  async #refresh(): Promise<Answer<string>> {
    const saved = await this.saved();
    if (saved === null) return { ok: false, problem: signedOut };
    const body = { refresh_token: saved.refreshToken };
    const answer = await this.#send({
      method: "POST",
      path: "/refresh",
      body,
      schema: grantSchema,
    });
    if (answer.ok) {
      await this.#keep(answer.value, saved.device);
      return { ok: true, value: answer.value.access_token };
    }
    const { status } = answer.problem;
    if (status !== 401 && status !== 403) return answer;
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

  #send<T>(request: HttpRequest<T>): Promise<Answer<T>> {
    return sendRequest(this.#world, this.relayUrl, request);
  }
}
