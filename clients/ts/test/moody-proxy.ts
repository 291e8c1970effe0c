import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import vectors from "../../../protocol/vectors/verdicts.json" with { type: "json" };

/** An answer in the relay's place. */
interface Mood {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const page = "<!doctype html><title>Sign in to the guest network</title>";

/** Every answer of the table that ends nothing: the relay's own that only say "not now", and everybody else's. */
const moods: readonly Mood[] = [
  ...vectors.problems
    .filter(({ refresh, http, upgrade }) => [refresh, http, upgrade].every((v) => v === "wait"))
    .map(({ status, code }) => ({
      status,
      type: "application/problem+json",
      body: JSON.stringify({ type: `urn:gitblobs:problem:${code}`, title: "No", status, code }),
    })),
  ...vectors.strangers.statuses.flatMap((status) => [
    { status, type: "text/html", body: page },
    { status, type: "application/json", body: '{"code":"session_ended"}' },
  ]),
];

/** A proxy before a relay that, when it is told to be moody, cuts all and answers with one thing after the other. */
export class MoodyProxy {
  /** How many answers were given in the relay's place. */
  given = 0;
  #left = 0;
  readonly #sockets = new Set<Socket>();
  readonly #relay: URL;
  readonly #server = createServer((incoming, response) => {
    if (!this.#answer(incoming, response)) this.#forward(incoming, response);
  });

  private constructor(relayUrl: string) {
    this.#relay = new URL(relayUrl);
    this.#server.on("upgrade", (incoming: IncomingMessage, socket: Socket) => {
      this.#upgrade(incoming, socket);
    });
  }

  static async start(relayUrl: string): Promise<MoodyProxy> {
    const proxy = new MoodyProxy(relayUrl);
    await new Promise<void>((ready) => proxy.#server.listen(0, "127.0.0.1", ready));
    return proxy;
  }

  /** How many different answers there are. */
  static readonly moods = moods.length;

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
  }

  /** Cuts every connection; the next requests get so many answers that are not the relay's. */
  cut(answers: number): void {
    this.#left = answers;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Whether those have been given. */
  get isCalm(): boolean {
    return this.#left === 0;
  }

  stop(): void {
    this.cut(0);
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #next(): Mood | undefined {
    if (this.#left === 0) return undefined;
    this.#left -= 1;
    return moods[this.given++ % moods.length];
  }

  #answer(incoming: IncomingMessage, response: ServerResponse): boolean {
    const mood = this.#next();
    if (mood === undefined) return false;
    incoming.resume();
    response.writeHead(mood.status, { "content-type": mood.type });
    response.end([204, 304].includes(mood.status) ? undefined : mood.body);
    return true;
  }

  #forward(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, url = "/", headers } = incoming;
    const forwarded = request(new URL(url, this.#relay), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    incoming.pipe(forwarded);
  }

  #upgrade(incoming: IncomingMessage, socket: Socket): void {
    socket.on("error", () => socket.destroy());
    const mood = this.#next();
    if (mood !== undefined) {
      const { status, type, body } = mood;
      socket.end(
        `HTTP/1.1 ${status} no\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
      return;
    }
    const upstream = connect(Number(this.#relay.port), this.#relay.hostname, () => {
      const head = incoming.rawHeaders.reduce(
        (text, value, at) => text + (at % 2 === 0 ? `${value}: ` : `${value}\r\n`),
        "",
      );
      upstream.write(`GET ${incoming.url ?? "/"} HTTP/1.1\r\n${head}\r\n`);
      socket.pipe(upstream).pipe(socket);
    });
    for (const one of [socket, upstream]) {
      this.#sockets.add(one);
      one.on("error", () => one.destroy());
      one.on("close", () => {
        this.#sockets.delete(one);
        socket.destroy();
        upstream.destroy();
      });
    }
  }
}
