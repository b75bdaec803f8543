/**
 * Cuts a byte stream into MQTT frames, wherever the chunks' borders are. Pure.
 *
 * A frame: one byte of type and flags, the remaining length in one to four bytes of seven bits each, the rest.
 */
export interface FrameSplitter {
  /** The frames that `chunk` completes, each with all of its bytes. */
  push(chunk: Buffer): readonly Buffer[];
  /** What has arrived of the frame not yet complete; the splitter forgets it. */
  takeRest(): Buffer;
  /** A fifth length byte was announced: this is no MQTT, and everything from there on is `rest`. */
  readonly isBroken: boolean;
}

const MAX_LENGTH_BYTES = 4;

/** A splitter at the beginning of a stream. */
export function frameSplitter(): FrameSplitter {
  let chunks: Buffer[] = [];
  let heldBytes = 0;
  let neededBytes = 2; // fewer cannot be a frame: spares joining chunks for each byte of a large one
  let isBroken = false;

  function join(): Buffer {
    const joined = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
    chunks = [joined];
    return joined;
  }

  return {
    push: (chunk) => {
      chunks.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes < neededBytes || isBroken) return [];
      const { frames, rest, neededBytes: needed, broken } = split(join());
      chunks = [rest];
      heldBytes = rest.length;
      neededBytes = needed;
      isBroken = broken;
      return frames;
    },
    takeRest: () => {
      const rest = join();
      chunks = [];
      heldBytes = 0;
      neededBytes = 2;
      return rest;
    },
    get isBroken() {
      return isBroken;
    },
  };
}

interface Split {
  readonly frames: readonly Buffer[];
  readonly rest: Buffer;
  /** How many bytes `rest` must grow to before looking again is worth it. */
  readonly neededBytes: number;
  readonly broken: boolean;
}

function split(bytes: Buffer): Split {
  const frames: Buffer[] = [];
  let at = 0;
  for (;;) {
    const length = frameLength(bytes, at);
    if (length === "broken") return { frames, rest: bytes.subarray(at), neededBytes: 0, broken: true };
    const missing = length === "unknown" ? bytes.length - at + 1 : length;
    if (length === "unknown" || at + length > bytes.length) {
      return { frames, rest: bytes.subarray(at), neededBytes: missing, broken: false };
    }
    frames.push(bytes.subarray(at, at + length));
    at += length;
  }
}

/** All bytes of the frame that starts at `at`. */
function frameLength(bytes: Buffer, at: number): number | "unknown" | "broken" {
  let remaining = 0;
  for (let index = 0; index < MAX_LENGTH_BYTES; index += 1) {
    const byte = bytes[at + 1 + index];
    if (byte === undefined) return "unknown";
    remaining += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return 2 + index + remaining;
  }
  return "broken";
}
