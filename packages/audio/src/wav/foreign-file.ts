/** Files that are called .wav and are something else. Pure. */

interface Kind {
  readonly name: string;
  readonly at: number;
  readonly magic: string;
}

/** By their first bytes, as Latin-1; the more telling ones first. */
const KINDS: readonly Kind[] = [
  { name: "an MP3 file", at: 0, magic: "ID3" },
  { name: "an Ogg file (Vorbis or Opus)", at: 0, magic: "OggS" },
  { name: "a FLAC file", at: 0, magic: "fLaC" },
  { name: "an M4A or MP4 file", at: 4, magic: "ftyp" },
  { name: "a WebM or Matroska file", at: 0, magic: "\x1aE\xdf\xa3" },
  { name: "an AIFF file", at: 0, magic: "FORM" },
  { name: "an AU file", at: 0, magic: ".snd" },
  { name: "an AMR file", at: 0, magic: "#!AMR" },
  { name: "a WAV file for big-endian machines (RIFX)", at: 0, magic: "RIFX" },
  { name: "a WAV file of more than 4 GiB (RF64)", at: 0, magic: "RF64" },
  { name: "a video (AVI)", at: 8, magic: "AVI " },
  { name: "a picture (WebP)", at: 8, magic: "WEBP" },
  { name: "a web page", at: 0, magic: "<" },
];

/** What the bytes are the beginning of, with its article; undefined when it is not known. */
export function foreignKindOf(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  const known = KINDS.find(({ at, magic }) => head.startsWith(magic, at));
  return known?.name ?? frameKindOf(bytes);
}

/** MP3 and AAC have no head but the sync word of their first frame: eleven, or twelve, ones. */
function frameKindOf([first = 0, second = 0]: Uint8Array): string | undefined {
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  const isLayerZero = (second & 0x06) === 0;
  if (isLayerZero) return (second & 0xf0) === 0xf0 ? "an AAC file" : undefined;
  return "an MP3 file";
}
