/**
 * What became of one spoken question, from the messages about it. Pure.
 *
 * Every listening turn ends in one final `turn/answer` and one `turn/report`.
 */
import type { FinalTranscript, RefusedTranscript, TurnAnswer, TurnReport } from "@ts-tars/contracts";

export type Hearing = {
  readonly [Part in keyof Heard]: Heard[Part] | undefined;
};

interface Heard {
  /** The last guess while it was being said. */
  readonly partial: string;
  readonly final: Pick<FinalTranscript, "text" | "reason" | "endpoint_ms" | "transcribe_ms">;
  /** Of the last segment that was not understood. */
  readonly refusal: Pick<RefusedTranscript, "reason" | "detail">;
  readonly answer: Pick<TurnAnswer, "text" | "path" | "reason" | "intent" | "slots">;
  readonly report: Pick<TurnReport, "outcome" | "stages" | "total_ms" | "reason">;
}

export type HearingEvent =
  | { readonly type: "partly_heard"; readonly text: string }
  | { readonly type: "understood"; readonly final: Heard["final"] }
  | { readonly type: "refused"; readonly refusal: Heard["refusal"] }
  | { readonly type: "answered"; readonly answer: Heard["answer"] }
  | { readonly type: "reported"; readonly report: Heard["report"] };

/** Nothing has come yet. */
export const UNHEARD: Hearing = Object.freeze({
  partial: undefined,
  final: undefined,
  refusal: undefined,
  answer: undefined,
  report: undefined,
});

export function take(hearing: Hearing, event: HearingEvent): Hearing {
  switch (event.type) {
    case "partly_heard":
      return { ...hearing, partial: event.text };
    case "understood":
      return { ...hearing, final: event.final, refusal: undefined };
    case "refused":
      return { ...hearing, refusal: event.refusal };
    case "answered":
      return { ...hearing, answer: event.answer };
    case "reported":
      return { ...hearing, report: event.report };
  }
}

/** Why it did not come to a good end; undefined when it did. */
export function failureOf({ answer, report, refusal }: Hearing): string | undefined {
  const isAnswered = answer !== undefined && answer.path !== "error" && answer.path !== "cancelled";
  if (isAnswered && report?.outcome === "answered") return undefined;
  return refusal?.detail ?? answer?.reason ?? report?.reason ?? refusal?.reason ?? "No answer came.";
}

/** The spoken answer, as it was kept. */
export interface Speech {
  /** Where it was written; null: nothing was spoken. */
  readonly path: string | null;
  readonly duration_ms: number;
}

/** The one object that `--json` prints. */
export function hearingAsJson(hearing: Hearing, speech: Speech): object {
  const { final, answer, report, refusal } = hearing;
  const failure = failureOf(hearing);
  return {
    ok: failure === undefined,
    transcript: final?.text ?? null,
    intent: answer?.intent ?? null,
    slots: answer?.slots ?? {},
    path: answer?.path ?? null,
    answer: answer?.text ?? null,
    stages: stagesOf(hearing),
    speech: speech.path === null ? null : speech,
    ...(refusal !== undefined && { refused: refusal.reason }),
    ...(failure !== undefined && { error: failure, outcome: report?.outcome ?? null }),
  };
}

/** Every time that was measured, in ms: the waits of the recogniser, then each stage since the turn began. */
export function stagesOf({ final, report }: Hearing): Readonly<Record<string, number>> {
  const waits = { endpoint_ms: final?.endpoint_ms, transcribe_ms: final?.transcribe_ms };
  const stages = (report?.stages ?? []).map(({ stage, at_ms: atMs }) => [`${stage}_at_ms`, atMs] as const);
  const all = [...Object.entries(waits), ...stages, ["total_ms", report?.total_ms] as const];
  return Object.fromEntries(all.filter((entry): entry is [string, number] => entry[1] !== undefined));
}
