import { connect, createServer, type Socket } from "node:net";

/** The line between one browser and the relay, which a test can cut: offline as a real machine is offline. */
export interface Line {
  readonly url: string;
  /** Drops every connection and takes no new one. */
  cut(): void;
  restore(): void;
  close(): void;
}

/** Lays a line to a relay. */
export async function layLine(relayUrl: string): Promise<Line> {
  const { port: target } = new URL(relayUrl);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(target), "127.0.0.1");
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
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const drop = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    cut: () => {
      isCut = true;
      drop();
    },
    restore: () => {
      isCut = false;
    },
    close: () => {
      drop();
      server.close();
    },
  };
}
