import { Duplex } from "node:stream";
import { generate, type Packet } from "mqtt-packet";
import { expect, test } from "vitest";
import { lineOf } from "./dial.ts";
import type { FrameRange } from "./frame-splitter.ts";
import { Tap } from "./tap.ts";

const bytesOf = (packet: Packet): Buffer => generate(packet, { protocolVersion: 5 });
const publish = (qos: 0 | 1 | 2, payload: string): Buffer =>
  bytesOf({
    cmd: "publish",
    topic: "a",
    payload,
    qos,
    dup: false,
    retain: false,
    ...(qos > 0 && { messageId: 7 }),
  });
const CONNACK = bytesOf({ cmd: "connack", sessionPresent: true, reasonCode: 0 });
const PUBACK = bytesOf({ cmd: "puback", messageId: 3 });
const PINGRESP = bytesOf({ cmd: "pingresp" });
const PINGREQ = bytesOf({ cmd: "pingreq" });

/** The network's side of a tap: what was written to it, and a way to have it say something. */
class FakeSocket extends Duplex {
  readonly writes: Buffer[] = [];
  isSlow = false;
  #pending: (() => void) | undefined;

  override _read(): void {
    // The test pushes.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.writes.push(chunk);
    if (this.isSlow) this.#pending = done;
    else done();
  }

  /** The system takes what waits. */
  takeAll(): void {
    this.isSlow = false;
    this.#pending?.();
  }
}

/** A tap on a fake socket, what it took out for us and what it left to the library. */
function openTap({ maxFrameBytes = 1_000 } = {}) {
  const socket = new FakeSocket();
  const ours: Buffer[] = [];
  const cut: FrameRange[] = [];
  const drains: number[] = [];
  const events = {
    onFrame: (frame: FrameRange) =>
      void (frame.cutFromBytes === undefined
        ? ours.push(frame.bytes.subarray(frame.start, frame.end))
        : cut.push(frame)),
    onInbound: () => undefined,
    onDrain: () => void drains.push(1),
  };
  const tap = new Tap(lineOf(socket), { events, maxFrameBytes });
  const theirs: Buffer[] = [];
  tap.on("data", (chunk: Buffer) => theirs.push(chunk));
  const errors: Error[] = [];
  tap.on("error", (error) => errors.push(error));
  return { tap, socket, ours, cut, theirs, errors, drains };
}

/** Puts a frame on the tap's page, as the writers of packets do. */
function send(tap: Tap, frame: Buffer): void {
  const at = tap.page.reserve(frame.length);
  frame.copy(tap.page.buffer, at);
  tap.flushSoon();
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("messages and acknowledgements are ours, everything else is the library's", async () => {
  const { socket, ours, theirs } = openTap();

  socket.push(Buffer.concat([publish(0, "x"), PINGRESP, PUBACK, publish(2, "y"), publish(1, "z")]));
  await settled();

  expect(ours).toEqual([publish(0, "x"), PUBACK, publish(1, "z")]);
  expect(Buffer.concat(theirs)).toEqual(Buffer.concat([PINGRESP, publish(2, "y")]));
});

test("what follows the CONNACK waits until the library has seen it", async () => {
  const { tap, socket, ours, theirs } = openTap();

  socket.push(Buffer.concat([CONNACK, publish(1, "backlog"), PINGRESP]));
  await settled();
  const before = [ours.length, Buffer.concat(theirs)];
  tap.release();
  await settled();

  expect(before).toEqual([0, CONNACK]);
  expect(ours).toEqual([publish(1, "backlog")]);
  expect(Buffer.concat(theirs)).toEqual(Buffer.concat([CONNACK, PINGRESP]));
});

test("frames of one tick leave in one write, in order", async () => {
  const { tap, socket } = openTap();

  for (const payload of ["1", "2", "3"]) send(tap, publish(0, payload));
  const during = socket.writes.length;
  await settled();

  expect(during).toBe(0);
  expect(socket.writes).toEqual([Buffer.concat(["1", "2", "3"].map((payload) => publish(0, payload)))]);
});

test("what the library writes goes out behind what we sent before it", async () => {
  const { tap, socket } = openTap();

  send(tap, publish(0, "ours"));
  tap.write(PINGREQ);
  send(tap, publish(0, "later"));
  await settled();

  expect(Buffer.concat(socket.writes)).toEqual(Buffer.concat([publish(0, "ours"), PINGREQ, publish(0, "later")]));
});

test("the bytes that wait are those of this tick and those the system has not taken", async () => {
  const { tap, socket, drains } = openTap();
  socket.isSlow = true;
  const frame = publish(0, "x".repeat(70_000));
  send(tap, frame);
  const inThisTick = tap.waitingBytes;
  await settled();
  const inTheSocket = tap.waitingBytes;

  socket.takeAll();
  await settled();

  expect([inThisTick, inTheSocket, tap.waitingBytes]).toEqual([frame.length, frame.length, 0]);
  expect(drains.length).toBe(1);
});

test("a full page that the system takes at once is announced as drained, a small one is not", async () => {
  const { tap, socket, drains } = openTap();

  send(tap, publish(0, "small"));
  await settled();
  expect(drains).toEqual([]);
  send(tap, publish(0, "x".repeat(socket.writableHighWaterMark)));
  await settled();

  expect([drains, tap.waitingBytes]).toEqual([[1], 0]);
});

test("a frame over the bound ends the connection with the reason", async () => {
  const { tap, socket, errors } = openTap({ maxFrameBytes: 100 });

  socket.push(bytesOf({ cmd: "suback", messageId: 1, granted: Array(200).fill(1) }));
  await settled();

  expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining("at most 100 are accepted")]);
  expect([tap.destroyed, socket.destroyed]).toEqual([true, true]);
});

test("a message over the bound is handed over as its beginning, with the size it had, and the connection stands", async () => {
  const { tap, socket, ours, cut } = openTap({ maxFrameBytes: 100 });
  const huge = publish(1, "x".repeat(200));

  socket.push(Buffer.concat([huge, publish(1, "next")]));
  await settled();

  expect(cut.map(({ cutFromBytes }) => cutFromBytes)).toEqual([huge.length]);
  expect(ours).toEqual([publish(1, "next")]);
  expect(tap.destroyed).toBe(false);
});

test("an error of ours while a frame is read ends the connection instead of the process", async () => {
  const socket = new FakeSocket();
  const events = {
    onFrame: () => {
      throw new Error("cannot be read");
    },
    onInbound: () => undefined,
    onDrain: () => undefined,
  };
  const tap = new Tap(lineOf(socket), { events, maxFrameBytes: 1_000 });
  const failed = new Promise<Error>((resolve) => tap.once("error", resolve));
  tap.resume();

  socket.push(publish(0, "x"));

  expect((await failed).message).toBe("cannot be read");
  expect(socket.destroyed).toBe(true);
});

test("the end and the errors of the socket end the tap, and the other way round", async () => {
  const [broken, ended, left] = [openTap(), openTap(), openTap()];

  broken.socket.destroy(new Error("reset"));
  ended.socket.push(null);
  left.tap.destroy();
  await settled();
  await settled();

  expect(broken.errors.map(({ message }) => message)).toEqual(["reset"]);
  expect([broken.tap.destroyed, ended.tap.readableEnded, left.socket.destroyed]).toEqual([true, true, true]);
});

test("nothing is sent after the end", async () => {
  const { tap, socket } = openTap();
  send(tap, publish(0, "lost"));
  tap.destroy();
  send(tap, publish(0, "later"));

  await settled();

  expect(socket.writes).toEqual([]);
});
