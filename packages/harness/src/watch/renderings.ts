/** The shapes in which a text comes up again when something prints, encodes or inspects it. */

/** The text itself and its renderings as bytes: base64 wherever it begins in its block, hexadecimal, lists of numbers. */
export function renderingsOf(text: string): readonly string[] {
  const bytes = [...Buffer.from(text)];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
  // What `inspect` shows of a buffer ends after 50 bytes, and a list of numbers is broken into lines: the beginning suffices.
  const [hexHead, head] = [hex.slice(0, HEAD_BYTES), bytes.slice(0, HEAD_BYTES)];
  const plain = [text, hexHead.join(""), hexHead.join(" "), head.join(","), head.join(", ")];
  return [...new Set([...plain, ...[0, 1, 2].flatMap((offset) => base64At(text, offset))])];
}

/** Distinct enough: no other text of a test run begins with the same bytes. */
const HEAD_BYTES = 8;

/** The characters that depend on `text` alone when it stands `offset` bytes (0, 1, 2) into a group of three. */
function base64At(text: string, offset: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
  const encoded = whole.toString("base64").slice(offset === 0 ? 0 : offset + 1);
  return [encoded, encoded.replaceAll("+", "-").replaceAll("/", "_")];
}
