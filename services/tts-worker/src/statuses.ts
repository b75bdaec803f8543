/** The wire's words for what is asked of a loudspeaker and told of it. Pure. */
import { speechFlagsOf, speechKindOf, type TtsControlCommand, type TtsSay, type TtsStatus } from "@ts-tars/contracts";
import type { Report, Sentence } from "./sentence.ts";

/** The ids a foreign say lacks. */
export interface MintedIds {
  readonly uttId: string;
  readonly sayId: string;
}

export function sentenceOf(say: TtsSay, minted: MintedIds): Sentence {
  return {
    uttId: say.utt_id ?? minted.uttId,
    sayId: say.say_id ?? minted.sayId,
    seq: say.seq ?? 0,
    // Who sends no ids sends single sentences.
    isLast: say.last ?? say.utt_id === undefined,
    kind: speechKindOf(say),
    text: say.text,
    voice: say.voice,
    lang: say.lang,
  };
}

export function statusOf(report: Report, { siteId }: { readonly siteId: string }): TtsStatus {
  const { sentence, event } = report;
  const { uttId, sayId, seq, isLast, kind, text } = sentence;
  return {
    event,
    text,
    utt_id: uttId,
    say_id: sayId,
    seq,
    last: isLast,
    kind,
    ...speechFlagsOf(kind),
    site_id: siteId,
    ...figuresOf(report),
  };
}

function figuresOf(report: Report): Partial<TtsStatus> {
  if (report.event === "speaking_start") {
    return { first_audible_ms: Math.round(report.firstAudibleMs), expected_ms: Math.round(report.expectedMs) };
  }
  if (!("spokenRatio" in report)) return {};
  const { spokenRatio, sentence } = report;
  const spoken = { spoken_ratio: spokenRatio, spoken_chars: Math.round(spokenRatio * sentence.text.length) };
  if (!("reason" in report)) return spoken;
  const detail = report.detail === undefined ? {} : { detail: report.detail.slice(0, 500) };
  return { ...spoken, ...detail, reason: report.reason };
}

/** The turn a control is about; undefined: whatever speaks. */
export function turnOf(command: TtsControlCommand): string | undefined {
  return command.utt_id ?? command.id;
}
