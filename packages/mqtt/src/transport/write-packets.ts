/** Writes PUBLISH and PUBACK. Source: MQTT 5.0, 3.3 and 3.4; MQTT 3.1.1, 3.3 and 3.4. */
import { COPIED_BYTES, type Page } from "./page.ts";
import type { OutboundPublish, ProtocolVersion } from "./transport.ts";

const PUBLISH = 0x30;
const PUBACK = 0x40;
const DUP = 0x08;
const QOS_1 = 0x02;
const RETAIN = 0x01;
const MESSAGE_EXPIRY = 0x02;
const CONTENT_TYPE = 0x03;
const CORRELATION_DATA = 0x09;
const MAX_TEXT_BYTES = 0xffff;
const MAX_REMAINING_BYTES = 268_435_455;

/**
 * Puts a PUBLISH on the page. What MQTT 3.1.1 has no place for is left out there.
 *
 * @throws {RangeError} when it is more than a packet can carry; the page is then as it was.
 */
export function writePublish(page: Page, packet: OutboundPublish, protocol: ProtocolVersion): void {
  const { topic, payload, qos } = packet;
  const topicBytes = Buffer.byteLength(topic);
  const propertyBytes = protocol === "5" ? propertyBytesOf(packet) : 0;
  const headBytes =
    2 + topicBytes + (qos === 1 ? 2 : 0) + (protocol === "5" ? varintBytes(propertyBytes) + propertyBytes : 0);
  const remaining = headBytes + payload.byteLength;
  if (topicBytes > MAX_TEXT_BYTES || remaining > MAX_REMAINING_BYTES) {
    throw new RangeError(`A PUBLISH of ${remaining} bytes with a topic of ${topicBytes} is more than MQTT can carry.`);
  }
  const isCopied = payload.byteLength <= COPIED_BYTES;
  let at = page.reserve(1 + varintBytes(remaining) + headBytes + (isCopied ? payload.byteLength : 0));
  const { buffer } = page;
  buffer[at] = PUBLISH | (packet.dup ? DUP : 0) | (qos === 1 ? QOS_1 : 0) | (packet.retain ? RETAIN : 0);
  at = writeVarint(buffer, remaining, at + 1);
  at = writeShort(buffer, topicBytes, at);
  at += buffer.write(topic, at);
  if (qos === 1) at = writeShort(buffer, packet.packetId, at);
  if (protocol === "5") at = writeProperties(buffer, packet, { at: writeVarint(buffer, propertyBytes, at) });
  if (isCopied) buffer.set(payload, at);
  else page.append(payload);
}

/** Puts a PUBACK of success on the page. Its short form is the same in both versions. */
export function writePuback(page: Page, packetId: number): void {
  const at = page.reserve(4);
  page.buffer[at] = PUBACK;
  page.buffer[at + 1] = 2;
  writeShort(page.buffer, packetId, at + 2);
}

function propertyBytesOf({ expirySec, contentType, correlationData }: OutboundPublish): number {
  let bytes = 0;
  if (expirySec !== undefined) bytes += 5;
  if (contentType !== undefined) bytes += 3 + Buffer.byteLength(contentType);
  if (correlationData !== undefined) bytes += 3 + correlationData.byteLength;
  return bytes;
}

function writeProperties(
  buffer: Buffer,
  { expirySec, contentType, correlationData }: OutboundPublish,
  { at }: { readonly at: number },
): number {
  let end = at;
  if (expirySec !== undefined) {
    buffer[end] = MESSAGE_EXPIRY;
    end = buffer.writeUInt32BE(expirySec, end + 1);
  }
  if (contentType !== undefined) {
    buffer[end] = CONTENT_TYPE;
    end = writeShort(buffer, Buffer.byteLength(contentType), end + 1);
    end += buffer.write(contentType, end);
  }
  if (correlationData !== undefined) {
    buffer[end] = CORRELATION_DATA;
    end = writeShort(buffer, correlationData.byteLength, end + 1);
    buffer.set(correlationData, end);
    end += correlationData.byteLength;
  }
  return end;
}

function writeShort(buffer: Buffer, value: number, at: number): number {
  buffer[at] = value >> 8;
  buffer[at + 1] = value & 0xff;
  return at + 2;
}

function varintBytes(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
}

function writeVarint(buffer: Buffer, value: number, at: number): number {
  let rest = value;
  let end = at;
  while (rest >= 0x80) {
    buffer[end] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
    end += 1;
  }
  buffer[end] = rest;
  return end + 1;
}
