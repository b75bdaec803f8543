/** What becomes of an example: the same code in Node and in a page, so that both can be compared. */
import { CATALOGUE } from "@ts-tars/contracts";
import { decodeMessage, encodeMessage, type Topic } from "@ts-tars/mqtt/contract";

/** One golden example, as JSON carries it. */
export interface Example {
  readonly topic: string;
  readonly why: string;
  /** What is done with it: read these bytes (hex) and send again what was read, or send this. */
  readonly task:
    | { readonly do: "read"; readonly payload: string }
    | { readonly do: "send"; readonly data: unknown; readonly bytes: string | undefined };
}

/** What the contract made of it; byte arrays as hex. */
export type Outcome =
  | { readonly kind: "accepted"; readonly data: unknown; readonly sent: string; readonly readAgain: unknown }
  | { readonly kind: "refused"; readonly reason: string; readonly paths: readonly string[] };

const META = { id: "0".repeat(32), ts: 1_731_000_000, source: "golden" };

/** Reads, or sends, as a client does. */
export function examine({ topic: name, task }: Example): Outcome {
  const topic = CATALOGUE.find((each) => each.name === name);
  if (topic === undefined) throw new Error(`There is no topic ${name}.`);
  if (task.do === "send") {
    const data = task.bytes === undefined ? task.data : { bytes: fromHex(task.bytes), ...Object(task.data) };
    return send(topic, data);
  }
  const decoded = decodeMessage(topic, fromHex(task.payload));
  if (decoded.ok) return send(topic, decoded.data);
  return { kind: "refused", reason: decoded.reason, paths: decoded.problems.map(({ path }) => path) };
}

function send(topic: Topic, data: unknown): Outcome {
  try {
    const payload = encodeMessage(topic, data, META);
    const again = decodeMessage(topic, payload);
    return {
      kind: "accepted",
      data: printable(data),
      sent: toHex(payload),
      readAgain: again.ok ? printable(again.data) : again.reason,
    };
  } catch (error) {
    return { kind: "refused", reason: "contract", paths: pathsOf(error) };
  }
}

/** The error's class is not part of the browser's door; what it tells is. */
function pathsOf(error: unknown): readonly string[] {
  if (!(error instanceof Error && "problems" in error && Array.isArray(error.problems))) throw error;
  const problems: readonly { readonly path: string }[] = error.problems;
  return problems.map(({ path }) => path);
}

/** As JSON would have it, bytes as hex. */
function printable(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data, (_name, value) => (value instanceof Uint8Array ? toHex(value) : value)));
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Neither Node's nor the browser's own way: it must be one way for both. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
