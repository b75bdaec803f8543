/**
 * Reads PUBLISH (QoS 0, 1) and PUBACK. Pure. Source: MQTT 5.0, 3.3, 3.4 and 2.2.2 (properties); MQTT 3.1.1, 3.3 and 3.4.
 *
 * A packet whose structure is wrong is refused. A text that is not UTF-8 is read with replacement characters: it is only a
 * name that nobody has, and a broker that lets it through would send it again after every reset.
 */
import { FrameError, type FrameRange } from "./frame-splitter.ts";
import { TopicMemo } from "./topic-memo.ts";
import type { InboundPublish, ProtocolVersion } from "./transport.ts";

const NO_IDS: readonly number[] = Object.freeze([]);

/**
 * The message in a frame. Its payload is a view of the frame's bytes.
 *
 * @param topics of the connection
 * @throws {FrameError} when it is malformed.
 */
export function readPublish(
  { bytes, start, end }: FrameRange,
  protocol: ProtocolVersion,
  topics: TopicMemo = new TopicMemo(),
): InboundPublish {
  const first = bytes[start] ?? 0;
  const qos = (first >> 1) & 3;
  if (qos > 1) throw new FrameError(`The broker sent a PUBLISH with QoS ${qos}, which was never asked for.`);
  const cursor = new Cursor(bytes, { at: afterLength(bytes, start), end });
  const topic = topics.read(cursor.range());
  const packetId = qos === 1 ? cursor.short() : 0;
  const properties = protocol === "5" ? readProperties(cursor) : NO_PROPERTIES;
  if (topic === "") throw new FrameError("The broker sent a PUBLISH without a topic.");
  return {
    topic,
    payload: bytes.subarray(cursor.at, end),
    qos: qos === 1 ? 1 : 0,
    dup: (first & 8) !== 0,
    retain: (first & 1) !== 0,
    packetId,
    expirySec: properties.expirySec,
    subscriptionIds: properties.subscriptionIds,
    responseTopic: properties.responseTopic,
    correlationData: properties.correlationData,
    cutFromBytes: undefined,
  };
}

/**
 * What a PUBACK says of which packet; any reason code, also one that the standard does not list (T16).
 *
 * @throws {FrameError} when it is malformed.
 */
export function readPuback(
  { bytes, start, end }: FrameRange,
  protocol: ProtocolVersion,
): { readonly packetId: number; readonly reasonCode: number } {
  if (((bytes[start] ?? 0) & 0x0f) !== 0) throw new FrameError("The broker sent a PUBACK with reserved bits set.");
  const cursor = new Cursor(bytes, { at: afterLength(bytes, start), end });
  const packetId = cursor.short();
  const reasonCode = protocol === "5" && cursor.at < end ? cursor.byte() : 0;
  if (protocol === "5" && cursor.at < end) skipPubackProperties(cursor);
  if (cursor.at !== end) throw new FrameError("The broker sent a PUBACK with more in it than there can be.");
  return { packetId, reasonCode };
}

/** The last byte of a packet's length is the first without the continuation bit. */
function afterLength(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (((bytes[at] ?? 0) & 0x80) !== 0) at += 1;
  return at + 1;
}

interface Properties {
  expirySec: number | undefined;
  subscriptionIds: readonly number[];
  responseTopic: string | undefined;
  correlationData: Buffer | undefined;
}

const NO_PROPERTIES: Readonly<Properties> = Object.freeze({
  expirySec: undefined,
  subscriptionIds: NO_IDS,
  responseTopic: undefined,
  correlationData: undefined,
});

const PAYLOAD_FORMAT = 0x01;
const MESSAGE_EXPIRY = 0x02;
const CONTENT_TYPE = 0x03;
const RESPONSE_TOPIC = 0x08;
const CORRELATION_DATA = 0x09;
const SUBSCRIPTION_ID = 0x0b;
const REASON_TEXT = 0x1f;
const TOPIC_ALIAS = 0x23;
const USER_PROPERTY = 0x26;

function readProperties(cursor: Cursor): Readonly<Properties> {
  const bytes = cursor.varint();
  if (bytes === 0) return NO_PROPERTIES;
  const end = cursor.fence(bytes);
  const properties: Properties = {
    expirySec: undefined,
    subscriptionIds: NO_IDS,
    responseTopic: undefined,
    correlationData: undefined,
  };
  let seen = 0;
  while (cursor.at < end) {
    const code = cursor.byte();
    if (code !== SUBSCRIPTION_ID && code !== USER_PROPERTY) {
      // The topic alias is the only one beyond 31; its bit is that of a code which cannot come here.
      const bit = 1 << (code === TOPIC_ALIAS ? 31 : code);
      if ((seen & bit) !== 0) throw new FrameError(`The broker sent the property 0x${code.toString(16)} twice.`);
      seen |= bit;
    }
    readProperty(cursor, { code, into: properties });
  }
  cursor.unfence(end);
  return properties;
}

function readProperty(cursor: Cursor, { code, into }: { readonly code: number; readonly into: Properties }): void {
  switch (code) {
    case MESSAGE_EXPIRY:
      into.expirySec = cursor.long();
      return;
    case SUBSCRIPTION_ID:
      into.subscriptionIds = withId(into.subscriptionIds, readSubscriptionId(cursor));
      return;
    case RESPONSE_TOPIC:
      into.responseTopic = cursor.text();
      return;
    case CORRELATION_DATA:
      into.correlationData = cursor.binary();
      return;
    case PAYLOAD_FORMAT:
      cursor.byte();
      return;
    case TOPIC_ALIAS:
      cursor.short();
      return;
    case CONTENT_TYPE:
      cursor.binary();
      return;
    case USER_PROPERTY:
      cursor.binary();
      cursor.binary();
      return;
    default:
      throw new FrameError(`The broker sent a PUBLISH with the property 0x${code.toString(16)}, which it cannot have.`);
  }
}

/** Nearly always there is one. */
function withId(ids: readonly number[], id: number): readonly number[] {
  return ids.length === 0 ? [id] : [...ids, id];
}

function readSubscriptionId(cursor: Cursor): number {
  const id = cursor.varint();
  if (id === 0) throw new FrameError("The broker sent the subscription identifier 0, which there is not.");
  return id;
}

function skipPubackProperties(cursor: Cursor): void {
  const end = cursor.fence(cursor.varint());
  while (cursor.at < end) {
    const code = cursor.byte();
    if (code !== REASON_TEXT && code !== USER_PROPERTY) {
      throw new FrameError(`The broker sent a PUBACK with the property 0x${code.toString(16)}, which it cannot have.`);
    }
    cursor.binary();
    if (code === USER_PROPERTY) cursor.binary();
  }
  cursor.unfence(end);
}

/** Goes through the bytes of one packet and never beyond them. */
class Cursor {
  at: number;
  readonly #bytes: Buffer;
  #end: number;
  readonly #frameEnd: number;

  constructor(bytes: Buffer, { at, end }: { readonly at: number; readonly end: number }) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
    this.#frameEnd = end;
  }

  /** Nothing is read beyond the next so many bytes until `unfence`; returns where they end. */
  fence(bytes: number): number {
    this.#need(bytes);
    this.#end = this.at + bytes;
    return this.#end;
  }

  unfence(end: number): void {
    if (this.at !== end) throw new FrameError("The broker sent properties that do not end where they say.");
    this.#end = this.#frameEnd;
  }

  byte(): number {
    this.#need(1);
    this.at += 1;
    return this.#bytes[this.at - 1] ?? 0;
  }

  short(): number {
    this.#need(2);
    this.at += 2;
    return ((this.#bytes[this.at - 2] ?? 0) << 8) | (this.#bytes[this.at - 1] ?? 0);
  }

  long(): number {
    this.#need(4);
    this.at += 4;
    return this.#bytes.readUInt32BE(this.at - 4);
  }

  varint(): number {
    let value = 0;
    for (let place = 0; place < 4; place += 1) {
      const byte = this.byte();
      value |= (byte & 0x7f) << (7 * place);
      if ((byte & 0x80) === 0) return value;
    }
    throw new FrameError("The broker sent a number of more than four bytes.");
  }

  text(): string {
    const { bytes, start, end } = this.range();
    return bytes.toString("utf8", start, end);
  }

  /** Where a text or other bytes with their length before them lie. */
  range(): { readonly bytes: Buffer; readonly start: number; readonly end: number } {
    const bytes = this.short();
    this.#need(bytes);
    this.at += bytes;
    return { bytes: this.#bytes, start: this.at - bytes, end: this.at };
  }

  binary(): Buffer {
    const { bytes, start, end } = this.range();
    return bytes.subarray(start, end);
  }

  #need(bytes: number): void {
    if (this.at + bytes > this.#end) throw new FrameError("The broker sent a packet that is shorter than it says.");
  }
}
