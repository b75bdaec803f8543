/** Dead letters as `tars dead` shows and replays them. Pure. */
import type { ConcreteTopic, DeadLetter, Topic } from "@ts-tars/mqtt";
import { decodeMessage, matches, paramsOf } from "@ts-tars/mqtt/contract";

/** A dead letter, and whose it is. */
export interface FoundLetter {
  readonly service: string;
  readonly letter: DeadLetter;
}

/** What a replay publishes: the same data to the same topic, as a message of its own. */
export type Replay =
  | {
      readonly ok: true;
      readonly topic: ConcreteTopic;
      readonly data: unknown;
      readonly correlationId: string | undefined;
    }
  | { readonly ok: false; readonly reason: string };

/** What can be published again of a dead letter, or why nothing can. */
export function replayOf({ letter }: FoundLetter, catalogue: readonly Topic[]): Replay {
  const { topic, payload, truncated } = letter;
  const contract = catalogue.find(({ filter }) => matches(filter, topic));
  if (contract === undefined) return { ok: false, reason: `nobody knows the topic ${topic}` };
  if (contract.delivery === "state") return { ok: false, reason: `${topic} is a state, which its owner says anew` };
  if (payload === undefined) return { ok: false, reason: `${topic} is private: its words were not kept` };
  if (truncated === true) return { ok: false, reason: "only the beginning of it was kept" };
  const decoded = decodeMessage(contract, Buffer.from(payload, "base64"));
  if (!decoded.ok) {
    const problems = decoded.problems.map(({ path, reason }) => `${path === "" ? "it" : path} ${reason}`).join("; ");
    return { ok: false, reason: `it breaks the contract of ${contract.name}: ${problems}` };
  }
  const { correlation_id: correlationId } = decoded.envelope ?? {};
  return { ok: true, topic: contract.at(paramsOf(contract, topic)), data: decoded.data, correlationId };
}

/** The columns of the list. */
export const LETTER_HEAD = ["id", "service", "when", "topic", "reason", "attempts", "error"] as const;

const SHOWN_ERROR_CHARS = 80;

/** One line of the list. */
export function letterRow({ service, letter }: FoundLetter): readonly string[] {
  const when = new Date(letter.failed_at * 1_000)
    .toISOString()
    .replace("T", " ")
    .slice(0, "2000-01-01 00:00:00".length);
  const [error = ""] = (letter.error ?? "").split("\n");
  return [
    letter.id,
    service,
    when,
    letter.topic,
    letter.reason,
    String(letter.attempts),
    error.slice(0, SHOWN_ERROR_CHARS),
  ];
}

/** Oldest first; of one service, or of all. */
export function sortedLetters(letters: Iterable<FoundLetter>): readonly FoundLetter[] {
  return [...letters].toSorted((a, b) => a.letter.failed_at - b.letter.failed_at);
}
