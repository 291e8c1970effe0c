/**
 * Streams what Workers log to those who tail them. It lives beside workerd, so that a tail
 * survives a deployment. A tail's id is its secret: it is part of the URL and nothing else is.
 */
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const subprotocol = "trace-v1";

export class Tails {
  #tails = new Map();
  #server = createServer((request, response) => response.writeHead(404).end());
  #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  #port;

  constructor() {
    this.#server.on("upgrade", (request, socket, head) => {
      const tail = this.#tails.get(request.url.slice(1));
      if (tail === undefined || tail.expiresAt < Date.now()) {
        socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) => {
        takeUnmasked(client);
        tail.clients.add(client);
        client.on("close", () => tail.clients.delete(client));
        client.on("error", () => tail.clients.delete(client));
      });
    });
  }

  async open({ id, script, filters, expiresAt }) {
    this.#port ??= await new Promise((resolve) => {
      this.#server.listen(0, "127.0.0.1", () => resolve(this.#server.address().port));
    });
    this.#tails.set(id, { script, filters, expiresAt, clients: new Set() });
    return { url: `ws://127.0.0.1:${this.#port}/${id}` };
  }

  close({ id }) {
    for (const client of this.#tails.get(id)?.clients ?? []) client.close(1000);
    this.#tails.delete(id);
    return {};
  }

  /** The scripts that somebody tails. */
  scripts() {
    return [...new Set([...this.#tails.values()].map(({ script }) => script))];
  }

  publish(events) {
    for (const event of events) {
      for (const tail of this.#tails.values()) {
        if (tail.script !== event.scriptName || !passes(event, tail.filters)) continue;
        for (const client of tail.clients) client.send(JSON.stringify(event));
      }
    }
  }
}

/**
 * Lets a client send unmasked frames, as Cloudflare does: wrangler sends one first of all, for which a server that keeps
 * to RFC 6455 (5.1) closes the socket. `ws` has no option for that; its receiver asks whether it is a server's only to
 * know whether frames have to be masked.
 */
function takeUnmasked({ _receiver: receiver }) {
  Object.defineProperty(receiver, "_isServer", { get: () => receiver._masked });
}

/** Cloudflare's filters: all must agree; within one, any of its values. */
function passes(event, filters) {
  return filters.every((filter) => {
    if (filter.outcome) return filter.outcome.includes(event.outcome);
    if (filter.sampling_rate !== undefined) return Math.random() < filter.sampling_rate;
    if (filter.method) return filter.method.includes(event.event?.request?.method);
    if (filter.query) return JSON.stringify(event.logs).includes(filter.query);
    return true;
  });
}
