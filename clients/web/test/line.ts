import { connect, createServer, type Socket } from "node:net";

/** The line between one browser and the relay, which a test can hurt as real lines are hurt. */
export interface Line {
  readonly url: string;
  /** Drops every connection and takes no new one. */
  cut(): void;
  /** Drops every connection and answers each new one with this status, as a gateway in trouble does. */
  fail(status: number): void;
  restore(): void;
  close(): void;
}

type State =
  { readonly kind: "whole" | "cut" } | { readonly kind: "failing"; readonly status: number };

/** Lays a line to a relay. */
export async function layLine(relayUrl: string): Promise<Line> {
  const { port: target, hostname } = new URL(relayUrl);
  const open = new Set<Socket>();
  let state: State = { kind: "whole" };
  const server = createServer((near) => {
    near.on("error", () => near.destroy());
    if (state.kind === "cut") near.destroy();
    else if (state.kind === "failing") near.once("data", answer(near, state.status));
    else join(near, connect(Number(target), hostname), open);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const become = (next: State) => {
    state = next;
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    cut: () => {
      become({ kind: "cut" });
    },
    fail: (status) => {
      become({ kind: "failing", status });
    },
    restore: () => {
      state = { kind: "whole" };
    },
    close: () => {
      become({ kind: "cut" });
      server.close();
    },
  };
}

function join(near: Socket, far: Socket, open: Set<Socket>): void {
  for (const socket of [near, far]) {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      open.delete(socket);
      near.destroy();
      far.destroy();
    });
  }
  near.pipe(far).pipe(near);
}

const answer = (near: Socket, status: number) => () => {
  near.end(`HTTP/1.1 ${status} Trouble\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
};
