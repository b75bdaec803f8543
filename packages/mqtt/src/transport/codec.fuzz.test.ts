/**
 * Our reading of PUBLISH and PUBACK beside mqtt-packet's: packets, half of them with one thing wrong, cut at random
 * borders. Ours says the same, or refuses; it accepts nothing that the library refuses, but reasons that it does not list.
 * `npm run accept:codec` does it with 100 000 packets, this with a tenth.
 */
import { isDeepStrictEqual } from "node:util";
import { generate, type Packet } from "mqtt-packet";
import { expect, test } from "vitest";
import { type FrameRange, FrameSplitter, packetType } from "./frame-splitter.ts";
import { numberOf, parseWithLibrary } from "./packets.fixture.ts";
import { readPuback, readPublish } from "./read-packets.ts";
import { TopicMemo } from "./topic-memo.ts";
import type { ProtocolVersion } from "./transport.ts";

const FRAMES = Number(process.env["CODEC_FRAMES"] ?? 10_000);
const FRAMES_PER_STREAM = 3;
const STREAMS_PER_VERSION = Math.ceil(FRAMES / 2 / FRAMES_PER_STREAM);
/** More than a whole stream: what is cut to the bound has tests of its own. */
const MAX_FRAME_BYTES = 60_000;

/** Mulberry32: a seed and the same numbers again. */
function diceOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Dice = ReturnType<typeof diceOf>;

const TOPICS = ["a", "stt/final", "raum/küche/licht", "system/health/tts", "x".repeat(130)];

function drawPacket(dice: Dice, protocol: ProtocolVersion): Packet {
  if (dice(4) === 0) {
    const reasonCode = [0, 0x10, 0x80, 0x87, 0x97][dice(5)] ?? 0;
    return { cmd: "puback", messageId: 1 + dice(60_000), ...(protocol === "5" && { reasonCode }) };
  }
  const qos = dice(2) === 0 ? 0 : 1;
  return {
    cmd: "publish",
    topic: TOPICS[dice(TOPICS.length)] ?? "a",
    payload: Buffer.alloc([0, 1, 60, 127, 128, 300, 16_400][dice(7)] ?? 0, dice(256)),
    qos,
    dup: qos === 1 && dice(2) === 0,
    retain: dice(2) === 0,
    ...(qos === 1 && { messageId: 1 + dice(60_000) }),
    ...(protocol === "5" && { properties: drawProperties(dice) }),
  };
}

function drawProperties(dice: Dice) {
  return {
    ...(dice(2) === 0 && { messageExpiryInterval: dice(2 ** 32) }),
    ...(dice(2) === 0 && {
      subscriptionIdentifier: dice(2) === 0 ? 1 + dice(268_435_455) : [1 + dice(9), 1 + dice(900)],
    }),
    ...(dice(4) === 0 && { responseTopic: "answers/1" }),
    ...(dice(4) === 0 && { correlationData: Buffer.alloc(dice(20), 1) }),
    ...(dice(6) === 0 && { contentType: "text/plain" }),
    ...(dice(6) === 0 && { userProperties: { name: "value" } }),
    ...(dice(6) === 0 && { payloadFormatIndicator: true }),
  };
}

/** One thing wrong: a byte, a bit, bytes that are missing, bytes that are too many. */
function spoil(frame: Buffer, dice: Dice): Buffer {
  // Most of what can go wrong is in the first bytes, whatever the payload's size.
  const at = dice(Math.min(frame.length, 40));
  const spoilt = Buffer.from(frame);
  switch (dice(4)) {
    case 0:
      spoilt[at] = dice(256);
      return spoilt;
    case 1:
      spoilt[at] = (spoilt[at] ?? 0) ^ (1 << dice(8));
      return spoilt;
    case 2:
      return Buffer.concat([frame.subarray(0, at), frame.subarray(Math.min(frame.length, at + 1 + dice(4)))]);
    default:
      return Buffer.concat([frame.subarray(0, at), Buffer.from([dice(256), dice(256)]), frame.subarray(at)]);
  }
}

function cut(bytes: Buffer, dice: Dice): readonly Buffer[] {
  const borders = Array.from({ length: dice(5) }, () => dice(bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...borders].map((from, index) => bytes.subarray(from, borders[index] ?? bytes.length));
}

/** What both readers are compared by; of packets that we pass on to the library only the type. */
type Read = Readonly<Record<string, unknown>>;

const isPassedOn = (read: Read | undefined): boolean => read !== undefined && Object.keys(read).length === 1;

interface Reading {
  readonly reads: readonly Read[];
  readonly isRefused: boolean;
  /** The last packet is not there to its end. */
  readonly isWaiting: boolean;
}

function readWithOurs(chunks: readonly Buffer[], protocol: ProtocolVersion): Reading {
  const splitter = new FrameSplitter({ maxFrameBytes: MAX_FRAME_BYTES });
  const reads: Read[] = [];
  let unreadBytes = 0;
  try {
    for (const chunk of chunks) {
      splitter.push(chunk);
      unreadBytes += chunk.length;
      for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) {
        unreadBytes -= frame.end - frame.start;
        reads.push(readFrame(frame, protocol));
      }
    }
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return { reads, isRefused: true, isWaiting: false };
  }
  return { reads, isRefused: false, isWaiting: unreadBytes > 0 };
}

/** As of one connection after the other. */
const topics = new TopicMemo();

function readFrame(frame: FrameRange, protocol: ProtocolVersion): Read {
  const type = packetType(frame);
  if (type === 4) return { type, ...readPuback(frame, protocol) };
  const isQos2 = ((frame.bytes[frame.start] ?? 0) & 6) === 4;
  if (type !== 3 || isQos2) return { type };
  const { payload, correlationData, cutFromBytes: _, ...read } = readPublish(frame, protocol, topics);
  return { type, ...read, payload: payload.toString("latin1"), correlationData: correlationData?.toString("latin1") };
}

const TYPES: Readonly<Record<string, number>> = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
  auth: 15,
};

function readOfLibrary(packet: Packet): Read {
  const type = TYPES[packet.cmd];
  if (packet.cmd === "puback") return { type, packetId: packet.messageId, reasonCode: packet.reasonCode ?? 0 };
  if (packet.cmd !== "publish" || packet.qos === 2) return { type };
  const { properties } = packet;
  const ids = properties?.subscriptionIdentifier;
  return {
    type,
    topic: packet.topic,
    qos: packet.qos,
    dup: packet.dup,
    retain: packet.retain,
    packetId: packet.messageId ?? 0,
    expirySec: properties?.messageExpiryInterval,
    subscriptionIds: ids === undefined ? [] : Array.isArray(ids) ? ids : [ids],
    responseTopic: properties?.responseTopic,
    payload: Buffer.from(packet.payload).toString("latin1"),
    correlationData: properties?.correlationData?.toString("latin1"),
  };
}

/** Reasons that mqtt-packet refuses and ours reads, for the link would be reset for ever otherwise (T16). */
const isUnlistedReason = ({ type, reasonCode }: Read): boolean =>
  type === 4 && typeof reasonCode === "number" && !LISTED_REASONS.has(reasonCode);

const LISTED_REASONS: ReadonlySet<number> = new Set([0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]);

type Outcome = "same" | "refused" | "left to the library" | "different";

function compare(ours: Reading, theirs: ReturnType<typeof parseWithLibrary>): Outcome {
  const common = Math.min(ours.reads.length, theirs.packets.length);
  const isSame = isDeepStrictEqual(ours.reads.slice(0, common), theirs.packets.slice(0, common).map(readOfLibrary));
  if (!isSame) return "different";
  const next = ours.reads[common];
  // The library stopped earlier than ours: at a packet that it is given to judge.
  if (next !== undefined)
    return theirs.isRefused && (isPassedOn(next) || isUnlistedReason(next)) ? "left to the library" : "different";
  if (ours.isRefused) return "refused";
  // Of a packet that is not there to its end the library may have refused the first byte.
  const isAsFar = theirs.packets.length === common && (!theirs.isRefused || ours.isWaiting);
  return isAsFar ? "same" : "different";
}

test.each<ProtocolVersion>(["5", "3.1.1"])("on MQTT %s both readers say the same, or ours refuses", (protocol) => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const dice = diceOf(seed);
  const outcomes: Outcome[] = [];
  for (let stream = 0; stream < STREAMS_PER_VERSION; stream += 1) {
    const frames = Array.from({ length: FRAMES_PER_STREAM }, () =>
      generate(drawPacket(dice, protocol), numberOf(protocol)),
    );
    const bytes = Buffer.concat(frames.map((frame) => (dice(2) === 0 ? spoil(frame, dice) : frame)));
    const outcome = compare(readWithOurs(cut(bytes, dice), protocol), parseWithLibrary([bytes], protocol));
    if (outcome === "different") expect.fail(`seed ${seed}, stream ${stream}: ${bytes.toString("hex").slice(0, 400)}`);
    outcomes.push(outcome);
  }
  const countOf = (outcome: Outcome): number => outcomes.filter((one) => one === outcome).length;

  expect(countOf("same")).toBeGreaterThan(STREAMS_PER_VERSION / 10);
  expect(countOf("refused")).toBeGreaterThan(STREAMS_PER_VERSION / 10);
});
