/**
 * What became of the sentences of one turn at the loudspeaker. Pure.
 *
 *   sent ──speaking_start──▶ sounding ⇄ paused        each ──speaking_end | failed──▶ over
 *
 * The turn's speech is over at the end of the sentence that is the last. It is given up when the first sentence
 * never sounds: then the text is shown instead, with the cause.
 */
import type { Rules } from "./rules.ts";
import type { Failure, SentenceKind } from "./turn.ts";

type Phase =
  | { readonly kind: "sent" }
  | { readonly kind: "sounding"; readonly sinceMs: number; readonly expectedMs: number }
  | { readonly kind: "paused"; readonly sinceMs: number; readonly spokenRatio: number; readonly expectedMs: number }
  | { readonly kind: "over"; readonly spokenRatio: number };

/** One sentence, as written in the answer and as spoken. */
export interface Sentence {
  readonly seq: number;
  readonly kind: SentenceKind;
  readonly written: string;
  readonly spoken: string;
  readonly isLast: boolean;
  readonly sentAtMs: number;
  readonly phase: Phase;
}

export type Speech =
  | { readonly kind: "silent" }
  | {
      readonly kind: "aloud";
      readonly sentences: readonly Sentence[] /** Since when nothing sounds. */;
      readonly freeSinceMs: number;
    }
  | { readonly kind: "given_up"; readonly failure: Failure };

/** What `tts/status` says about a sentence. */
export interface SpeechNews {
  readonly seq: number;
  readonly event: "queued" | "speaking_start" | "speaking_end" | "paused" | "resumed" | "stopped" | "failed";
  readonly spokenRatio: number | undefined;
  readonly expectedMs: number | undefined;
  /** Why it failed, for people. */
  readonly cause: string | undefined;
}

export const SILENT: Speech = { kind: "silent" };

/** Slower than any voice; counts only where tts-worker does not say how long a sentence will sound. */
const MS_PER_CHAR = 100;
const OVERHEAD_MS = 500;

/** The speech with one more sentence sent to the loudspeaker. */
export function send(speech: Speech, sentence: Omit<Sentence, "seq" | "phase">): Speech {
  if (speech.kind !== "aloud") return speech;
  const added: Sentence = { ...sentence, seq: speech.sentences.length, phase: { kind: "sent" } };
  return { ...speech, sentences: [...speech.sentences, added] };
}

/** The speech after news of one of its sentences; news of others changes nothing. */
export function hear(speech: Speech, news: SpeechNews, atMs: number): Speech {
  if (speech.kind !== "aloud") return speech;
  const sentence = speech.sentences[news.seq];
  if (sentence === undefined || sentence.phase.kind === "over") return speech;
  if (news.event === "failed" && isEssential(sentence) && !hasBegun(speech)) {
    return giveUp({ code: "speech_failed", message: news.cause ?? "The loudspeaker could not say it." });
  }
  const phase = nextPhase(sentence, news, atMs);
  const sentences = speech.sentences.with(news.seq, { ...sentence, phase });
  return { ...speech, sentences, freeSinceMs: phase.kind === "over" ? atMs : speech.freeSinceMs };
}

export function giveUp(failure: Failure): Speech {
  return { kind: "given_up", failure };
}

function nextPhase(sentence: Sentence, news: SpeechNews, atMs: number): Phase {
  const { phase } = sentence;
  const { event, spokenRatio = ratioOf(sentence, atMs) } = news;
  const expectedMs = news.expectedMs ?? lengthOf(sentence);
  switch (event) {
    case "speaking_start":
      // What was handed over before a pause may begin in it.
      return phase.kind === "paused" ? { ...phase, expectedMs } : { kind: "sounding", sinceMs: atMs, expectedMs };
    case "resumed":
      return phase.kind === "paused" ? goOn(phase, atMs) : phase;
    case "paused":
      return { kind: "paused", sinceMs: atMs, spokenRatio, expectedMs };
    case "speaking_end":
      return { kind: "over", spokenRatio: news.spokenRatio ?? 1 };
    case "failed":
      return { kind: "over", spokenRatio: news.spokenRatio ?? 0 };
    case "queued":
    case "stopped":
      return phase;
  }
}

/** As if it had begun so long ago that this much has sounded by now. */
function goOn({ spokenRatio, expectedMs }: Phase & { readonly kind: "paused" }, atMs: number): Phase {
  return { kind: "sounding", sinceMs: atMs - spokenRatio * expectedMs, expectedMs };
}

/** How long a sentence sounds: as it was told, else by its letters. */
function lengthOf({ phase, spoken }: Sentence): number {
  const isTold = phase.kind === "sounding" || phase.kind === "paused";
  return isTold ? phase.expectedMs : OVERHEAD_MS + spoken.length * MS_PER_CHAR;
}

/** A filler or an empty end is not what the person waits for. */
function isEssential({ kind, spoken }: Sentence): boolean {
  return kind !== "filler" && spoken !== "";
}

/** A sentence that the person waits for has begun to sound. */
export function hasBegun(speech: Speech): boolean {
  return speech.kind === "aloud" && speech.sentences.some((sentence) => isEssential(sentence) && hasSounded(sentence));
}

function hasSounded({ phase }: Sentence): boolean {
  return phase.kind === "over" ? phase.spokenRatio > 0 : phase.kind !== "sent";
}

/** The sentence that sounds now or is the next to. */
function current(speech: Speech): Sentence | undefined {
  return speech.kind === "aloud" ? speech.sentences.find(({ phase }) => phase.kind !== "over") : undefined;
}

/** Something waits or sounds at the loudspeaker. */
export function isOutstanding(speech: Speech): boolean {
  return current(speech) !== undefined;
}

/** Nothing sounds at the moment, and nothing is about to. */
export function isSilent(speech: Speech): boolean {
  return (current(speech)?.phase.kind ?? "paused") === "paused";
}

/** The speech that may go on: what was held is waited for from now on. */
export function unpause(speech: Speech, atMs: number): Speech {
  return speech.kind === "aloud" ? { ...speech, freeSinceMs: atMs } : speech;
}

/** Nothing more will sound. */
export function isOver(speech: Speech): boolean {
  return speech.kind !== "aloud" || speech.sentences.some(({ isLast, phase }) => isLast && phase.kind === "over");
}

/** When the loudspeaker must have said something; undefined while nothing is expected of it. */
export function speechDueAtMs(speech: Speech, rules: Rules): number | undefined {
  const sentence = current(speech);
  if (speech.kind !== "aloud" || sentence === undefined) return undefined;
  const { phase } = sentence;
  if (phase.kind === "sounding") return phase.sinceMs + phase.expectedMs + rules.speechOverrunMs;
  if (phase.kind === "paused") return phase.sinceMs + rules.speechPausedMs;
  return Math.max(sentence.sentAtMs, speech.freeSinceMs) + rules.speechStartMs;
}

/** What it means that the time was reached. */
export function lapse(speech: Speech): "end" | "give_up" | "stuck" {
  const sentence = current(speech);
  if (sentence?.spoken === "") return "end";
  return hasBegun(speech) ? "stuck" : "give_up";
}

/** The speech as if its current sentence had ended: for an empty end that nobody confirmed. */
export function endCurrent(speech: Speech, atMs: number): Speech {
  const seq = current(speech)?.seq;
  if (seq === undefined) return speech;
  return hear(speech, { seq, event: "speaking_end", spokenRatio: 1, expectedMs: undefined, cause: undefined }, atMs);
}

/** What the person heard of the answer, in its written form, and whether that is all that was sent. */
export function heardOf(speech: Speech, atMs: number): { readonly text: string; readonly isAll: boolean } {
  if (speech.kind !== "aloud") return { text: "", isAll: false };
  const essential = speech.sentences.filter(
    ({ kind, spoken }) => kind !== "filler" && kind !== "error" && spoken !== "",
  );
  const ratios = essential.map((sentence) => ratioOf(sentence, atMs));
  const texts = essential.map(({ written }, at) => beginning(written, ratios[at] ?? 0));
  return { text: texts.filter((text) => text !== "").join(" "), isAll: ratios.every((ratio) => ratio >= 1) };
}

/** As reported; while it sounds, by the time that has passed. */
function ratioOf({ phase }: Sentence, atMs: number): number {
  if (phase.kind === "sent") return 0;
  if (phase.kind !== "sounding") return phase.spokenRatio;
  return Math.min(1, (atMs - phase.sinceMs) / Math.max(1, phase.expectedMs));
}

/** The whole words within the first part of a text. */
function beginning(text: string, ratio: number): string {
  if (ratio >= 1) return text;
  const chars = Math.floor(text.length * ratio);
  return text.slice(0, Math.max(0, text.lastIndexOf(" ", chars)));
}
