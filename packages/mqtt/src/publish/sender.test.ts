import { manualClock } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { SYSTEM_CLOCK } from "../clock.ts";
import { SILENT_LOG } from "../log.ts";
import { createMeter } from "../meter.ts";
import type { Connack, Ended, OutboundPublish, Transport } from "../transport/transport.ts";
import type { Outcome } from "./outbox.ts";
import { Sender } from "./sender.ts";

const CONNACK: Connack = {
  sessionPresent: true,
  receiveMaximum: 65_535,
  maximumPacketBytes: undefined,
  subscriptionIdsAvailable: true,
};
const CLOSED_BY_PEER: Ended = {
  error: new Error("the peer closed the connection"),
  refusedCode: undefined,
  disconnectCode: undefined,
  byPeer: true,
};

/** A sender, and connections that keep what is written to them. */
function openSender() {
  const clock = { ...manualClock(), epochMs: SYSTEM_CLOCK.epochMs };
  const counted: string[] = [];
  const outcomes = new Map<string, Outcome>();
  const meter = createMeter({ onCounter: (name) => counted.push(name) }, SILENT_LOG);
  const bounds = { maxMessages: 1_000, maxBytes: 1_000_000, maxPacketId: 60_000 };
  const socket: Socket = { waitingBytes: 0, destroyedBy: [] };
  const sender = new Sender({ clock, log: SILENT_LOG, meter, bounds, window: 100 });
  const connect = async (connack: Partial<Connack> = {}): Promise<readonly OutboundPublish[]> => {
    const written: OutboundPublish[] = [];
    sender.connected(createTransport(written, socket), { ...CONNACK, ...connack });
    await clock.advance(0);
    return written;
  };
  const queue = (id: string, parts: { readonly lifeMs?: number; readonly ttlMs?: number } = {}): void => {
    sender.enqueue({
      id,
      topic: `test/${id}`,
      label: "test",
      payload: Buffer.from(id),
      retain: false,
      replaces: false,
      acceptedAtMs: clock.nowMs(),
      giveUpAtMs: clock.nowMs() + (parts.lifeMs ?? 600_000),
      expiresAtMs: clock.nowMs() + (parts.ttlMs ?? 600_000),
      settled: (outcome) => outcomes.set(id, outcome),
    });
  };
  return { clock, sender, connect, queue, outcomes, counted, socket };
}

/** What the connections of a test lie on. */
interface Socket {
  waitingBytes: number;
  readonly destroyedBy: Error[];
}

function createTransport(written: OutboundPublish[], socket: Socket): Transport {
  return {
    protocol: "5",
    lastInboundAtMs: 0,
    get writableBytes() {
      return socket.waitingBytes;
    },
    publish: (packet) => void written.push(packet),
    puback: () => undefined,
    subscribe: () => Promise.resolve([]),
    unsubscribe: () => Promise.resolve(),
    ping: () => undefined,
    disconnect: () => Promise.resolve(),
    destroy: (error) => void socket.destroyedBy.push(error),
  };
}

test("the whole window is used again when the message that stood alone has expired", async () => {
  const { clock, sender, connect, queue, outcomes } = openSender();
  queue("suspect", { lifeMs: 5_000 });
  for (let ends = 0; ends < 3; ends += 1) {
    await connect();
    sender.disconnected(CLOSED_BY_PEER);
  }
  await clock.advance(6_000);
  for (const id of ["a", "b", "c"]) queue(id);

  const written = await connect();

  expect(outcomes.get("suspect")).toEqual({ kind: "undelivered", reason: "expired" });
  expect(written.map(({ topic }) => topic)).toEqual(["test/a", "test/b", "test/c"]);
});

test("a message that stands alone is the only one in flight, and its confirmation opens the window", async () => {
  const { clock, sender, connect, queue } = openSender();
  for (const id of ["suspect", "a", "b"]) queue(id);
  for (let ends = 0; ends < 3; ends += 1) {
    await connect();
    sender.disconnected(CLOSED_BY_PEER);
  }

  const written = await connect();
  const alone = written.map(({ topic }) => topic);
  sender.puback(written[0]?.packetId ?? 0, 0);
  await clock.advance(0);

  expect(alone).toEqual(["test/suspect"]);
  expect(written.map(({ topic }) => topic)).toEqual(["test/suspect", "test/a", "test/b"]);
});

test("a stream message over the broker's Maximum Packet Size is dropped and counted, not sent", async () => {
  const { clock, sender, connect, counted } = openSender();
  const written = await connect({ maximumPacketBytes: 1_000 });
  const message = { label: "test", key: "k", expiresAtMs: Number.POSITIVE_INFINITY };

  sender.stream({ ...message, topic: "test/large", payload: Buffer.alloc(999) });
  sender.stream({ ...message, topic: "test/small", payload: Buffer.alloc(100) });
  await clock.advance(0);

  expect(written.map(({ topic }) => topic)).toEqual(["test/small"]);
  expect(counted).toEqual(["stream_dropped"]);
});

test("a life longer than MQTT can tell is told as the longest it can", async () => {
  const { connect, queue } = openSender();
  queue("a", { ttlMs: Number.MAX_SAFE_INTEGER });

  const [packet] = await connect();

  expect(packet?.expirySec).toBe(0xffff_ffff);
});

test("a stream message whose life ends while the socket is busy is dropped and counted, not sent", async () => {
  const { clock, sender, connect, counted, socket } = openSender();
  const written = await connect();
  const message = { label: "test", payload: Buffer.from("x") };
  socket.waitingBytes = 1_000_000;

  sender.stream({ ...message, topic: "test/short", key: "short", expiresAtMs: clock.nowMs() + 1_000 });
  sender.stream({ ...message, topic: "test/long", key: "long", expiresAtMs: clock.nowMs() + 1_001 });
  await clock.advance(1_000);
  socket.waitingBytes = 0;
  sender.drained();
  await clock.advance(0);

  expect(written.map(({ topic }) => topic)).toEqual(["test/long"]);
  expect(counted).toEqual(["stream_dropped"]);
});

test("a PUBACK for nothing that was sent is counted, and what is in flight stays so", async () => {
  const { sender, connect, queue, outcomes, counted } = openSender();
  queue("a");
  const [packet] = await connect();

  sender.puback((packet?.packetId ?? 0) + 1, 0);

  expect([counted, outcomes.size]).toEqual([["unexpected_pubacks"], 0]);
});

test("a broker that confirms nothing for 30 s loses the connection; each PUBACK begins the time anew", async () => {
  const { clock, sender, connect, queue, socket } = openSender();
  for (const id of ["a", "b"]) queue(id);
  const written = await connect();

  await clock.advance(29_000);
  sender.puback(written[0]?.packetId ?? 0, 0);
  await clock.advance(29_750);
  const before = socket.destroyedBy.length;
  await clock.advance(250);

  expect(before).toBe(0);
  expect(socket.destroyedBy.map(({ message }) => message)).toEqual([
    expect.stringContaining("the broker confirmed nothing for 30 s"),
  ]);
});
