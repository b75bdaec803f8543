/** What the robot said lately, at any site. Pure. */
import type { TtsStatus } from "@ts-tars/contracts";

interface SpokenTurn {
  readonly uttId: string;
  /** All its sentences that sounded. */
  readonly text: string;
  /** When it last made a sound; the future while it speaks. */
  readonly untilMs: number;
}

/** The newest last. */
export type Spoken = readonly SpokenTurn[];

const TURNS_MAX = 8;
const TEXT_MAX_CHARS = 4_000;
/** How much longer than expected a sentence may sound whose end is never told. */
const OVERRUN_MS = 5_000;

/** Takes in what tts-worker says of a sentence. */
export function remember(spoken: Spoken, status: TtsStatus, atMs: number): Spoken {
  const { event, text, utt_id: uttId = "", expected_ms: expectedMs = 0 } = status;
  if (event !== "speaking_start" && event !== "speaking_end") return spoken;
  const known = spoken.find((turn) => turn.uttId === uttId);
  const whole = known === undefined ? text : known.text.includes(text) ? known.text : `${known.text} ${text}`;
  const untilMs = event === "speaking_start" ? atMs + expectedMs + OVERRUN_MS : atMs;
  const turn = { uttId, text: whole.slice(-TEXT_MAX_CHARS), untilMs };
  return [...spoken.filter((other) => other.uttId !== uttId), turn].slice(-TURNS_MAX);
}

/** What sounded at `sinceMs` or later: the whole of each turn. */
export function spokenSince(spoken: Spoken, sinceMs: number): string {
  return spoken
    .filter(({ untilMs }) => untilMs >= sinceMs)
    .map(({ text }) => text)
    .join(" ");
}
