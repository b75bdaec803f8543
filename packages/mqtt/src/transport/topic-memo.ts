/**
 * The texts of topics by their bytes. A connection's messages come on a few topics, and making a text anew costs several times what
 * comparing its bytes does; whoever looks things up by topic is then given a text that knows its hash. Pure.
 */

/**
 * A power of two. Topics that share a place take turns in it, and each turn costs more than the memo saves: four times as many places as the
 * topics of the busiest client, of which a fifth then shares.
 */
const PLACE_BITS = 12;
const PLACES = 2 ** PLACE_BITS;
/** Longer ones are made anew, so that a stranger's topics cannot fill memory: some 2 MiB at most are kept. */
const LONGEST_BYTES = 128;
/** Topics differ at their ends. */
const HASHED_BYTES = 8;
/** Of FNV-1a with 32 bits, as in `hash32`. */
const FNV_PRIME = 0x01000193;
/** 2^32 divided by the golden ratio: what differs in a few low bits is spread over all (Knuth, The Art of Computer Programming 3, 6.4). */
const GOLDEN = 0x9e3779b1;

interface Bytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export class TopicMemo {
  readonly #places: ({ readonly bytes: Uint8Array; readonly text: string } | undefined)[] = new Array<undefined>(
    PLACES,
  ).fill(undefined);

  /** The UTF-8 text of these bytes, with replacement characters where they are none. */
  read(topic: Bytes & { readonly bytes: Buffer }): string {
    const { bytes, start, end } = topic;
    const place = placeOf(topic);
    const known = this.#places[place];
    if (known !== undefined && isAt(topic, known.bytes)) return known.text;
    const text = bytes.toString("utf8", start, end);
    if (end - start <= LONGEST_BYTES)
      this.#places[place] = { bytes: Uint8Array.from(bytes.subarray(start, end)), text };
    return text;
  }
}

function placeOf({ bytes, start, end }: Bytes): number {
  let hash = end - start;
  for (let at = Math.max(start, end - HASHED_BYTES); at < end; at += 1)
    hash = Math.imul(hash ^ (bytes[at] ?? 0), FNV_PRIME);
  return Math.imul(hash, GOLDEN) >>> (32 - PLACE_BITS);
}

function isAt({ bytes, start, end }: Bytes, known: Uint8Array): boolean {
  if (known.length !== end - start) return false;
  for (let index = 0; index < known.length; index += 1) if (known[index] !== bytes[start + index]) return false;
  return true;
}
