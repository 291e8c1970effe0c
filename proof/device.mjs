// A device of a user on a socket, as light as a measurement needs it.
import { binaryFrame, frameOf, hashOf, makeStore, open, opsOf } from "../bench/relay-client.mjs";

/** One socket that has said hello; hands every operation of the relay to `take`. */
export class Device {
  #nextId = 1;
  #waiting = new Map();
  closed;

  constructor(socket, take, see) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once("close", (code) => {
        for (const { reject } of this.#waiting.values()) reject(new Error(`closed with ${code}`));
        resolve(code);
      });
    });
    socket.on("error", () => {});
    socket.on("message", (data, isBinary) => {
      if (!isBinary && data[0] === 0x70) return;
      for (const op of opsOf(data)) {
        see(op);
        // What comes before the answer has its id as well.
        const isPart = op.op === "objects" || op.op === "part";
        const asked = isPart ? undefined : this.#waiting.get(op.op === "welcome" ? 0 : op.id);
        if (asked === undefined) take(op);
        else {
          this.#waiting.delete(op.op === "welcome" ? 0 : op.id);
          asked.resolve(op);
        }
      }
    });
  }

  /**
   * Connects and says hello; `from` is {after, epoch} of a device that was here before, and needs no store made. `take`
   * gets what answers nothing, `see` everything, in its order.
   */
  static async connect({ url, token, store, name, from = {}, take = () => {}, see = () => {} }) {
    if (from.after === undefined) await makeStore(url, token, store);
    const socket = await open(`${url}/ws?store=${store}`, { authorization: `Bearer ${token}` });
    const device = new Device(socket, take, see);
    const welcomed = device.#answerTo(0);
    socket.send(JSON.stringify([{ op: "hello", proto: 1, device: name, ...from }]));
    device.welcome = await welcomed;
    return device;
  }

  #answerTo(id) {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /** Sends operations in one frame, messages with what they `say`, as often as told; settles with their answers. */
  ask(ops, times = 1) {
    const numbered = ops.map((op) => ({ ...op, id: this.#nextId++ }));
    const answers = numbered.map(({ id }) => this.#answerTo(id));
    const frame = frameOf(numbered);
    for (let i = 0; i < times; i++) this.socket.send(frame);
    return Promise.all(answers);
  }

  /** Sends operations with bodies in one frame; settles with their answers. */
  askBinary({ ops, bodies }) {
    const numbered = ops.map((op) => ({ ...op, id: this.#nextId++ }));
    const answers = numbered.map(({ id }) => this.#answerTo(id));
    this.socket.send(binaryFrame(numbered, bodies));
    return Promise.all(answers);
  }

  /** Pushes one object to `main`, which stands at `old`; gives back its hash. */
  async pushOne(mid, old, bytes) {
    const hash = hashOf(bytes);
    const ops = [
      { op: "have", mid, objects: [["blob", hash, bytes.length]] },
      { op: "put", type: "blob", hash, len: bytes.length },
      { op: "push", mid, ref: "main", old, new: hash },
    ];
    await this.askBinary({ ops, bodies: [bytes] });
    return hash;
  }

  close() {
    this.socket.terminate();
  }
}
