/**
 * Puts a model's text together from messages that may be lost, doubled or swapped, and repairs it from the whole
 * reply. Pure.
 *
 * The text handed out is always a beginning of the whole text: behind a gap nothing is handed out until the missing
 * message or the reply has come.
 */

/** What has come of a stream. */
export interface LlmStream {
  /** The text handed out so far. */
  readonly text: string;
  /** The number of the next message in order. */
  readonly nextSeq: number;
  /** Messages that came before their turn, by number. */
  readonly early: ReadonlyMap<number, string>;
  /** The number of the message that said `done`; undefined until then. */
  readonly doneSeq: number | undefined;
}

/** One message of a stream; `seq` begins at 1, peers of old send none. */
export interface StreamMessage {
  readonly seq: number | undefined;
  readonly delta: string;
  readonly done: boolean;
}

export const EMPTY_STREAM: LlmStream = { text: "", nextSeq: 1, early: new Map(), doneSeq: undefined };

/** A gap of more than this is repaired from the reply alone. */
const EARLY_MAX_COUNT = 1_024;

/** The stream with one more message, and the text that is certain now. */
export function readMessage(stream: LlmStream, { seq, delta, done }: StreamMessage): readonly [LlmStream, string] {
  const place = seq ?? stream.nextSeq;
  if (place < stream.nextSeq) return [stream, ""];
  const early = new Map(stream.early);
  if (early.size < EARLY_MAX_COUNT) early.set(place, delta);
  return handOut({ ...stream, early, doneSeq: done ? place : stream.doneSeq });
}

function handOut(stream: LlmStream): readonly [LlmStream, string] {
  const early = new Map(stream.early);
  let { nextSeq } = stream;
  let certain = "";
  for (let delta = early.get(nextSeq); delta !== undefined; delta = early.get(nextSeq)) {
    certain += delta;
    early.delete(nextSeq);
    nextSeq += 1;
  }
  return [{ ...stream, early, nextSeq, text: stream.text + certain }, certain];
}

/** The stream with the whole reply, and what was missing of it. A reply that contradicts the stream adds nothing. */
export function readReply(stream: LlmStream, reply: string): readonly [LlmStream, string] {
  // Some peers trim their replies; a piece already spoken must not be spoken again for that.
  const missing = [reply, stream.text.slice(0, leadingSpace(stream.text)) + reply]
    .filter((whole) => whole.startsWith(stream.text))
    .map((whole) => whole.slice(stream.text.length))[0];
  const rest = missing ?? "";
  return [{ ...stream, text: stream.text + rest, early: new Map() }, rest];
}

/** All messages up to the one that said `done` have come. */
export function isWhole({ doneSeq, nextSeq }: LlmStream): boolean {
  return doneSeq !== undefined && nextSeq > doneSeq;
}

function leadingSpace(text: string): number {
  return text.length - text.trimStart().length;
}
