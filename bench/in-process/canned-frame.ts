/** PUBLISH frames that are written once and sent many times, each time as another message. Pure. */

/** A frame, and where in it a message differs from the last one. */
export interface CannedFrame {
  readonly bytes: Buffer;
  /** Of the two bytes of the packet id; undefined at QoS 0. */
  readonly packetIdAt: number | undefined;
  /** Of the last eight hex digits of the envelope's id; undefined without an envelope. */
  readonly idAt: number | undefined;
}

const HEX = Buffer.from("0123456789abcdef");
const PATCHED_DIGITS = 8;
const MAX_PACKET_ID = 65_535;

/** Finds the places in an encoded PUBLISH. */
export function canFrame(bytes: Buffer, { qos }: { readonly qos: 0 | 1 }): CannedFrame {
  const lengthEnd = bytes.findIndex((byte, index) => index > 0 && byte < 0x80) + 1;
  const topicBytes = bytes.readUInt16BE(lengthEnd);
  const id = /"id":"([0-9a-f]{32})"/.exec(bytes.toString("latin1"));
  return {
    bytes,
    packetIdAt: qos === 0 ? undefined : lengthEnd + 2 + topicBytes,
    idAt: id === null ? undefined : id.index + '"id":"'.length + 32 - PATCHED_DIGITS,
  };
}

/** The next `count` messages in one piece; `sequence` counts them from 0 over the whole run, and the frames take turns. */
export function serve(
  frames: readonly CannedFrame[],
  { sequence, count }: { readonly sequence: number; readonly count: number },
): Buffer {
  const chosen = Array.from({ length: count }, (_, index) => frameAt(frames, sequence + index));
  const piece = Buffer.allocUnsafe(chosen.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  chosen.forEach(({ bytes, packetIdAt, idAt }, index) => {
    bytes.copy(piece, at);
    if (packetIdAt !== undefined) piece.writeUInt16BE(((sequence + index) % MAX_PACKET_ID) + 1, at + packetIdAt);
    if (idAt !== undefined) writeHex(piece, { at: at + idAt, value: sequence + index });
    at += bytes.length;
  });
  return piece;
}

function frameAt(frames: readonly CannedFrame[], index: number): CannedFrame {
  const frame = frames[index % frames.length];
  if (frame === undefined) throw new RangeError("There is no canned frame to serve.");
  return frame;
}

function writeHex(piece: Buffer, { at, value }: { readonly at: number; readonly value: number }): void {
  let rest = value;
  for (let digit = PATCHED_DIGITS - 1; digit >= 0; digit -= 1) {
    piece[at + digit] = HEX[rest & 15] ?? 0;
    rest >>>= 4;
  }
}
