/** What the client needs of the world around it; tests bring their own. */
export interface Surroundings {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Whether sockets can carry headers: programs send their token, pages need a one-time ticket. */
  readonly sendsHeaders: boolean;
  /** Opens a socket of these subprotocols; with headers only where {@link sendsHeaders}. */
  readonly openSocket: (
    url: string,
    protocols: readonly string[],
    headers: Readonly<Record<string, string>>,
  ) => SocketLike;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Tells, until the signal is aborted, when the machine comes online or goes offline, where that can be known. */
  readonly watchNetwork: (onChange: (isOnline: boolean) => void, signal: AbortSignal) => void;
}

/** The part of the standard WebSocket that is used. */
export interface SocketLike {
  binaryType: string;
  send(data: string | ArrayBufferView<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number }) => void): void;
}

/** What Node and Bun take in place of the list of subprotocols. */
type SocketWithHeaders = new (
  url: string,
  options: { readonly protocols: readonly string[]; readonly headers: object },
) => SocketLike;

const isProgram = "process" in globalThis && !("document" in globalThis);

/** The browser, Node or Bun as it is. */
export const realSurroundings: Surroundings = {
  fetch: (url, init) => fetch(url, init),
  sendsHeaders: isProgram,
  openSocket: (url, protocols, headers) => {
    if (!isProgram) return new WebSocket(url, [...protocols]);
    const Socket = WebSocket as unknown as SocketWithHeaders;
    return new Socket(url, { protocols, headers });
  },
  now: () => Date.now(),
  random: () => Math.random(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end);
    }),
  watchNetwork: (onChange, signal) => {
    if (isProgram) return;
    const tell = ({ type }: { readonly type: string }) => {
      onChange(type === "online");
    };
    addEventListener("online", tell, { signal });
    addEventListener("offline", tell, { signal });
  },
};

const MID_BYTES = 16;

/** A fresh name for a push or a message. */
export function newMid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(MID_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** PROTOCOL.md 8: a random time up to a limit that doubles, at most 30 s. */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(30_000, 500 * 2 ** Math.min(attempt, 10));
}
