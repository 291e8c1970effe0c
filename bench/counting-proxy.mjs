// Counts what a client of the relay exchanges on its sockets.
import { connect, createServer } from "node:net";

/** Passes bytes on and counts them, and how often the client waited for an answer, from `reset` on. */
export function countingProxy(target) {
  const { hostname, port } = new URL(target);
  const counted = { sent: 0, received: 0, trips: 0 };
  const server = createServer((client) => {
    const relay = connect(Number(port), hostname);
    let isUpgraded = false;
    let isWaiting = false;
    client.on("data", (data) => {
      if (isUpgraded) {
        counted.sent += data.length;
        isWaiting = true;
      }
    });
    relay.on("data", (data) => {
      if (!isUpgraded) {
        isUpgraded = data.toString("latin1").startsWith("HTTP/1.1 101");
        return;
      }
      counted.received += data.length;
      counted.trips += isWaiting ? 1 : 0;
      isWaiting = false;
    });
    client.pipe(relay).pipe(client);
    for (const socket of [client, relay]) socket.on("error", () => socket.destroy());
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () =>
      resolve({
        url: `http://127.0.0.1:${server.address().port}`,
        counted,
        reset: () => Object.assign(counted, { sent: 0, received: 0, trips: 0 }),
        stop: () => server.close(),
      }),
    ),
  );
}
