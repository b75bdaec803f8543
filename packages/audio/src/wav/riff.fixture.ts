/** WAV files as the tests need them, also ones that no writer should make. */

export interface Chunk {
  readonly id: string;
  readonly content: Uint8Array;
  /** What the chunk says its length is; default: what it is. */
  readonly announcedBytes?: number;
}

/** A RIFF file of these chunks, odd ones padded. */
export function riff(
  chunks: readonly Chunk[],
  { announcedBytes }: { readonly announcedBytes?: number } = {},
): Uint8Array {
  const body = Buffer.concat([
    Buffer.from("WAVE"),
    ...chunks.flatMap(({ id, content, announcedBytes: length = content.length }) => [
      Buffer.from(id),
      uint32(length),
      content,
      new Uint8Array(content.length % 2),
    ]),
  ]);
  return Buffer.concat([Buffer.from("RIFF"), uint32(announcedBytes ?? body.length), body]);
}

export interface Description {
  readonly tag: number;
  readonly channelCount: number;
  readonly rateHz: number;
  readonly bitCount: number;
  readonly isExtensible?: boolean;
}

/** The chunk that describes the samples. */
export function fmt({ tag, channelCount, rateHz, bitCount, isExtensible = false }: Description): Chunk {
  const content = Buffer.alloc(isExtensible ? 40 : 16);
  const blockBytes = channelCount * Math.ceil(bitCount / 8);
  content.writeUInt16LE(isExtensible ? 0xfffe : tag, 0);
  content.writeUInt16LE(channelCount, 2);
  content.writeUInt32LE(rateHz, 4);
  content.writeUInt32LE(rateHz * blockBytes, 8);
  content.writeUInt16LE(blockBytes, 12);
  content.writeUInt16LE(bitCount, 14);
  if (isExtensible) {
    content.writeUInt16LE(22, 16);
    content.writeUInt16LE(bitCount, 18);
    content.writeUInt16LE(tag, 24);
    content.write("\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71", 26, "latin1");
  }
  return { id: "fmt ", content };
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
