/**
 * Where an utterance begins and ends. Pure: time is counted in samples of the source; only a stall is seen by the clock.
 *
 *   deaf ──opened──▶ waiting ──speech──▶ speaking ──silence, cap, source, button──▶ transcribing ──transcribed──▶ waiting
 *    ▲                  │                   │ ▲                                          │
 *    │                  │                   │ └────────────── doubted ───────────────────┤
 *    └── closed, the button released ───────┴──── dropped ────────────────────────────────┘
 *
 * 1. An utterance begins 400 ms before its speech was noticed, and never before `fromSample`: what was said before is not its own.
 * 2. Every `begin` is followed by an `end` or a `drop`, every `end` by `transcribed`, a `drop`, or `doubted`, behind which it ends anew.
 * 3. While it transcribes it takes no frames: what is said meanwhile is replayed from the ring, from `resume` on.
 * 4. Speaking is bounded by 15 s of sound and 500 ms without any; what bounds transcribing is its caller's. Whoever was asleep does
 *    not blame the source: a time that comes much too late begins its wait anew, once.
 * 5. Silence ends nothing while somebody may be about to speak, and a text that cannot be the end of a sentence puts an end in doubt:
 *    then what is said until 1 200 ms of silence belongs to it. Without a word in between it is doubted once.
 */
import type { EndOfSpeech } from "@ts-tars/contracts";

export type Segmenter =
  | { readonly kind: "deaf" }
  | Waiting
  | Speaking
  | {
      readonly kind: "transcribing";
      /** Where the utterance ended: the next one may begin here. */
      readonly endSample: number;
      /** Nothing is listened to afterwards. */
      readonly isLast: boolean;
      /** As it was, when it was silence that ended it: its words may say that it goes on. */
      readonly doubtful: Speaking | undefined;
    };

interface Waiting {
  readonly kind: "waiting";
  readonly fromSample: number;
  readonly release: Release;
}

interface Speaking {
  readonly kind: "speaking";
  readonly beginSample: number;
  /** Behind the last sample of speech. */
  readonly speechEndSample: number;
  /** So much of it was speech. */
  readonly speechSampleCount: number;
  /** Behind the last sample heard. */
  readonly heardSample: number;
  readonly heardAtMs: number;
  /** The clock came too late once since then. */
  readonly isExcused: boolean;
  readonly hint: Hint;
  readonly release: Release;
}

/** What the words so far say about their end. */
export type Hint = "open" | "complete" | "unfinished";

/** The button: still held (or there is none), or released, which ends the utterance at a sample, or when that does not come in time. */
export type Release =
  | { readonly kind: "held" }
  | { readonly kind: "released"; readonly toSample: number; readonly dueAtMs: number };

export type SegmenterEvent =
  | { readonly type: "opened"; readonly fromSample: number }
  /** `sample` is the frame's first. */
  | {
      readonly type: "heard";
      readonly sample: number;
      readonly sampleCount: number;
      readonly isSpeech: boolean;
      /** Somebody may be about to speak. */
      readonly isLoud: boolean;
      readonly atMs: number;
    }
  | { readonly type: "hinted"; readonly hint: Hint }
  /** Instead of `transcribed`: whoever says this goes on. */
  | { readonly type: "doubted"; readonly atMs: number }
  | { readonly type: "released"; readonly toSample: number | undefined; readonly atMs: number }
  | { readonly type: "source_ended" }
  | { readonly type: "transcribed" }
  /** Whatever runs is thrown away, and nothing is listened to. */
  | { readonly type: "closed" }
  | { readonly type: "time_passed"; readonly atMs: number };

export type SegmenterEffect =
  | { readonly do: "begin"; readonly fromSample: number }
  | { readonly do: "end"; readonly end: Ending }
  | { readonly do: "drop" }
  /** Frames from here on are to be heard again. */
  | { readonly do: "resume"; readonly fromSample: number };

export interface Ending {
  readonly reason: EndOfSpeech;
  readonly endSample: number;
  /** From the last speech to the decision. */
  readonly silenceSampleCount: number;
  readonly speechSampleCount: number;
}

export type Step = readonly [Segmenter, readonly SegmenterEffect[]];

export const DEAF: Segmenter = Object.freeze({ kind: "deaf" });

const HELD: Release = Object.freeze({ kind: "held" });

const samplesOf = (durationMs: number): number => durationMs * 16;

const PRE_ROLL = samplesOf(400);
/** From the first loud frame until it is known whether somebody speaks. */
const ONSET = samplesOf(100);
const LONGEST = samplesOf(15_000);
const STALL_MS = 500;
/** A timer is never so late, unless this process was: sound may wait for it to be read. */
const ASLEEP_MS = 100;
/** A released button waits so long for the sound that was still on its way. */
const RELEASE_MS = 500;

/** How much silence ends an utterance, and what that end is called: 04, rule 3. */
const WAIT = {
  open: { samples: samplesOf(700), reason: "silence" },
  complete: { samples: samplesOf(400), reason: "complete" },
  unfinished: { samples: samplesOf(1_200), reason: "hesitation" },
} as const satisfies Record<Hint, { readonly samples: number; readonly reason: EndOfSpeech }>;

/** The next state, and what must be done to get there, in order. */
export function step(state: Segmenter, event: SegmenterEvent): Step {
  switch (event.type) {
    case "opened":
      return opened(state, event.fromSample);
    case "heard":
      return heard(state, event);
    case "hinted":
      return state.kind === "speaking" ? [{ ...state, hint: event.hint }, []] : [state, []];
    case "released":
      return released(state, event);
    case "source_ended":
      if (state.kind === "speaking") return ended(state, { reason: "source_ended", endSample: state.heardSample });
      return state.kind === "waiting" && state.release.kind === "released" ? [DEAF, []] : [state, []];
    case "transcribed":
      return transcribed(state);
    case "doubted":
      return doubted(state, event.atMs);
    case "closed":
      return [DEAF, isBusy(state) ? [{ do: "drop" }] : []];
    case "time_passed":
      return timePassed(state, event.atMs);
  }
}

/** When `time_passed` must come; undefined while nothing is awaited. */
export function dueAtMs(state: Segmenter): number | undefined {
  const release = "release" in state && state.release.kind === "released" ? state.release.dueAtMs : undefined;
  if (state.kind !== "speaking") return release;
  return Math.min(state.heardAtMs + STALL_MS, release ?? Number.POSITIVE_INFINITY);
}

/** Whether an utterance is running or being transcribed. */
export function isBusy({ kind }: Segmenter): boolean {
  return kind === "speaking" || kind === "transcribing";
}

function opened(state: Segmenter, fromSample: number): Step {
  const drop: readonly SegmenterEffect[] = isBusy(state) ? [{ do: "drop" }] : [];
  return [{ kind: "waiting", fromSample, release: HELD }, [...drop, { do: "resume", fromSample }]];
}

type Heard = SegmenterEvent & { readonly type: "heard" };

function heard(state: Segmenter, event: Heard): Step {
  if (state.kind === "waiting") return heardWaiting(state, event);
  if (state.kind !== "speaking") return [state, []];
  const heardSample = event.sample + event.sampleCount;
  const next: Speaking = {
    ...state,
    heardSample,
    heardAtMs: event.atMs,
    isExcused: false,
    ...(event.isSpeech && {
      speechEndSample: heardSample,
      speechSampleCount: state.speechSampleCount + event.sampleCount,
      // The word that could not be the last one is not.
      hint: state.hint === "unfinished" ? "open" : state.hint,
    }),
  };
  const isUndecided = event.isLoud && !event.isSpeech;
  return decide(next, isUndecided ? ONSET : 0);
}

function heardWaiting(state: Waiting, { sample, sampleCount, isSpeech, atMs }: Heard): Step {
  const heardSample = sample + sampleCount;
  const { release } = state;
  if (heardSample <= state.fromSample) return [state, []];
  if (release.kind === "released" && heardSample > release.toSample && !isSpeech) return [DEAF, []];
  if (!isSpeech) return [state, []];
  const beginSample = Math.max(state.fromSample, heardSample - PRE_ROLL);
  const speaking: Speaking = {
    kind: "speaking",
    beginSample,
    speechEndSample: heardSample,
    // Three frames were loud before it was told.
    speechSampleCount: 3 * sampleCount,
    heardSample,
    heardAtMs: atMs,
    isExcused: false,
    hint: "open",
    release,
  };
  const [next, effects] = decide(speaking);
  return [next, [{ do: "begin", fromSample: beginSample }, ...effects]];
}

/** Whether what has been heard so far ends the utterance; silence has to last so many samples longer than usual. */
function decide(state: Speaking, moreSamples = 0): Step {
  const { heardSample, beginSample, release, hint } = state;
  if (release.kind === "released" && heardSample >= release.toSample) {
    return ended(state, { reason: "released", endSample: Math.max(beginSample, release.toSample) });
  }
  if (heardSample - beginSample >= LONGEST) return ended(state, { reason: "too_long", endSample: heardSample });
  const { samples, reason } = WAIT[hint];
  const isOver = heardSample - state.speechEndSample >= samples + moreSamples;
  return isOver ? ended(state, { reason, endSample: heardSample }) : [state, []];
}

function ended(state: Speaking, { reason, endSample }: Pick<Ending, "reason" | "endSample">): Step {
  const { speechEndSample, speechSampleCount, release } = state;
  const end: Ending = {
    reason,
    endSample,
    silenceSampleCount: Math.max(0, endSample - speechEndSample),
    speechSampleCount,
  };
  const isLast = release.kind === "released";
  const doubtful = reason === "silence" && !isLast ? state : undefined;
  return [{ kind: "transcribing", endSample, isLast, doubtful }, [{ do: "end", end }]];
}

function released(
  state: Segmenter,
  { toSample, atMs }: { readonly toSample: number | undefined; readonly atMs: number },
): Step {
  switch (state.kind) {
    case "deaf":
      return [state, []];
    case "transcribing":
      return [{ ...state, isLast: true, doubtful: undefined }, []];
    case "waiting":
      if (toSample === undefined) return [DEAF, []];
      return [{ ...state, release: { kind: "released", toSample, dueAtMs: atMs + RELEASE_MS } }, []];
    case "speaking": {
      const release: Release = {
        kind: "released",
        toSample: toSample ?? state.heardSample,
        dueAtMs: atMs + RELEASE_MS,
      };
      return decide({ ...state, release });
    }
  }
}

function transcribed(state: Segmenter): Step {
  if (state.kind !== "transcribing") return [state, []];
  if (state.isLast) return [DEAF, []];
  const { endSample } = state;
  return [{ kind: "waiting", fromSample: endSample, release: HELD }, [{ do: "resume", fromSample: endSample }]];
}

/** It was no end: the wait of an unfinished sentence goes on from where it was. */
function doubted(state: Segmenter, atMs: number): Step {
  if (state.kind !== "transcribing" || state.doubtful === undefined) return [state, []];
  const { endSample, doubtful } = state;
  const speaking: Speaking = { ...doubtful, hint: "unfinished", heardAtMs: atMs, isExcused: false };
  return [speaking, [{ do: "resume", fromSample: endSample }]];
}

/** Whether an end can still be doubted. */
export function isDoubtable(state: Segmenter): boolean {
  return state.kind === "transcribing" && state.doubtful !== undefined;
}

function timePassed(state: Segmenter, atMs: number): Step {
  const due = dueAtMs(state);
  if (due === undefined || due > atMs) return [state, []];
  if (state.kind === "waiting") return [DEAF, []];
  if (state.kind !== "speaking") return [state, []];
  if (atMs - due > ASLEEP_MS && !state.isExcused) return [{ ...state, heardAtMs: atMs, isExcused: true }, []];
  const reason = atMs - state.heardAtMs >= STALL_MS ? "source_ended" : "released";
  return ended(state, { reason, endSample: state.heardSample });
}
