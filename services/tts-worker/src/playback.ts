/**
 * Which sentence is on the loudspeaker, and which ones wait. Pure: no clock, no audio, no bus.
 *
 *   idle ──requested──▶ preparing ──started──▶ sounding ──ended──▶ next, or idle
 *                           │  ▲                  │  ▲
 *                           └──┴────▶ paused ◀────┴──┘      cancelled, stopped, a deadline: cut, then next, or idle
 *
 * 1. Every sentence asked for ends in exactly one `speaking_end` or `failed`, after at most one `speaking_start`.
 * 2. A sentence that was cut ends at the loudspeaker too, a moment later: by then the generation is another.
 * 3. A cancel may overtake what it cancels: the ids of cancelled turns are remembered for `rememberMs`.
 * 4. Every state but idle has a deadline.
 * 5. What was handed over before a pause still sounds, up to 100 ms: a sentence may begin, and end, while it is paused. The pause
 *    then holds the next one of its turn; without one it is `held`, until there is one or the pause is over.
 */
import type { EventOf, Limits, Playback, PlaybackEffect, PlaybackEvent, Stage, Step } from "./playback-state.ts";
import type { Report, Sentence } from "./sentence.ts";

const KNOWN_MAX = 1_024;

/** A late sentence of which less than this came since its last deadline stands still; so it cannot be late for ever. */
const PROGRESS_RATIO = 0.02;

/** The next state, and what must be done to get there, in order. */
export function step(playback: Playback, event: PlaybackEvent, limits: Limits): Step {
  switch (event.type) {
    case "requested":
      return requested(playback, event, limits);
    case "started":
      return started(playback, event);
    case "refined":
      return refined(playback, event);
    case "ended":
      return event.generation === playback.generation ? conclude(playback, event, { reason: "done" }) : [playback, []];
    case "broke":
      return broke(playback, event);
    case "cancelled":
      return cancelled(playback, event, limits);
    case "paused":
      return paused(playback, event, limits);
    case "resumed":
      return resumed(playback, event);
    case "stopped":
      return stopped(playback, event, limits);
    case "abandoned":
      return abandoned(playback, event);
    case "silenced":
      return chain(
        drop(playback, () => true, "The service is stopping."),
        (next) => cut(next, event),
      );
    case "time_passed":
      return timePassed(playback, event, limits);
  }
}

/** When `time_passed` must come; undefined while nothing is awaited. */
export function dueAtMs({ stage }: Playback, limits: Limits): number | undefined {
  if (stage.kind === "idle") return undefined;
  if (stage.kind === "paused" || stage.kind === "held") return stage.untilMs;
  return stage.sinceMs + (stage.kind === "preparing" ? limits.startMs : stage.expectedMs + limits.overrunMs);
}

function chain([playback, effects]: Step, next: (playback: Playback) => Step): Step {
  const [after, more] = next(playback);
  return [after, [...effects, ...more]];
}

const tell = (report: Report): PlaybackEffect => ({ do: "report", report });

function requested(playback: Playback, { sentence, atMs }: EventOf<"requested">, limits: Limits): Step {
  if (playback.known.includes(sentence.sayId)) return [playback, []];
  const known = { ...playback, known: [...playback.known, sentence.sayId].slice(-KNOWN_MAX) };
  const isCancelled = (playback.cancelled.get(sentence.uttId) ?? Number.NEGATIVE_INFINITY) > atMs;
  if (isCancelled) return [known, [refusal(sentence, "Its turn was cancelled.")]];
  if (playback.waiting.length >= limits.waitingMax) return [known, [refusal(sentence, "Too many sentences wait.")]];
  const queued = { ...known, waiting: [...known.waiting, sentence] };
  return chain([queued, [tell({ event: "queued", sentence })]], (next) => playNext(next, atMs));
}

function refusal(sentence: Sentence, detail: string): PlaybackEffect {
  return tell({ event: "failed", sentence, reason: "dropped", spokenRatio: 0, detail });
}

/** Hands the next sentence to the loudspeaker, if it is free; an empty one is over at once. */
function playNext(playback: Playback, atMs: number): Step {
  const { stage } = playback;
  const [current, ...waiting] = playback.waiting;
  if (current === undefined || (stage.kind !== "idle" && stage.kind !== "held")) return [playback, []];
  if (stage.kind === "held" && stage.uttId !== current.uttId) {
    return chain(release(playback), (next) => playNext(next, atMs));
  }
  if (current.text.trim() === "") {
    const over = tell({ event: "speaking_end", sentence: current, reason: "done", spokenRatio: 0 });
    return chain([{ ...playback, waiting }, [over]], (next) => goOn(next, current, atMs));
  }
  const generation = playback.generation + 1;
  const begun: Stage =
    stage.kind === "held"
      ? { kind: "paused", current, untilMs: stage.untilMs, expectedMs: undefined }
      : { kind: "preparing", current, sinceMs: atMs };
  return [{ ...playback, waiting, stage: begun, generation }, [{ do: "play", sentence: current, generation }]];
}

/** After a sentence has ended: a pause outlives it unless it was the last of its turn. */
function goOn(playback: Playback, { isLast }: Sentence, atMs: number): Step {
  return chain(isLast ? release(playback) : [playback, []], (next) => playNext(next, atMs));
}

/** A pause in which nothing waits any more is over. */
function release(playback: Playback): Step {
  if (playback.stage.kind !== "held") return [playback, []];
  return [{ ...playback, stage: { kind: "idle" } }, [{ do: "resume" }]];
}

function started(playback: Playback, { generation, expectedMs, atMs }: EventOf<"started">): Step {
  const { stage } = playback;
  const isAwaited = stage.kind === "preparing" || (stage.kind === "paused" && !hasBegun(stage));
  if (!isAwaited || generation !== playback.generation) return [playback, []];
  // In a pause there is nobody who waits for the first sound, and no moment from which it would have been waited for.
  const firstAudibleMs = stage.kind === "preparing" ? atMs - stage.sinceMs : 0;
  const next: Stage =
    stage.kind === "preparing"
      ? { kind: "sounding", current: stage.current, sinceMs: atMs, expectedMs, seenRatio: 0 }
      : { ...stage, expectedMs };
  return [
    { ...playback, stage: next },
    [tell({ event: "speaking_start", sentence: stage.current, firstAudibleMs, expectedMs })],
  ];
}

function refined(playback: Playback, { generation, expectedMs }: EventOf<"refined">): Step {
  const { stage } = playback;
  if (generation !== playback.generation) return [playback, []];
  if (stage.kind === "sounding") return [{ ...playback, stage: { ...stage, expectedMs } }, []];
  const isHeld = stage.kind === "paused" && hasBegun(stage);
  return [isHeld ? { ...playback, stage: { ...stage, expectedMs } } : playback, []];
}

function broke(playback: Playback, event: EventOf<"broke">): Step {
  if (event.generation !== playback.generation) return [playback, []];
  return conclude(playback, event, { reason: "error", detail: event.cause });
}

function hasBegun(stage: Stage): boolean {
  return stage.kind === "sounding" || (stage.kind === "paused" && stage.expectedMs !== undefined);
}

interface Conclusion {
  readonly reason: "done" | "cut" | "error";
  readonly detail?: string;
}

/** The current sentence is over; the next one follows. */
function conclude(playback: Playback, { atMs, spokenRatio }: PlaybackEvent, { reason, detail }: Conclusion): Step {
  const { stage } = playback;
  if (stage.kind === "idle" || stage.kind === "held") return [playback, []];
  const sentence = stage.current;
  const report: Report = {
    event: reason === "error" ? "failed" : "speaking_end",
    sentence,
    reason,
    // What has no sound in it is done without having sounded.
    spokenRatio: reason === "done" && hasBegun(stage) ? 1 : spokenRatio,
    ...(detail === undefined ? {} : { detail }),
  };
  // A cut is the end of the pause too.
  const isPaused = stage.kind === "paused" && reason !== "cut";
  const freed: Stage = isPaused ? { kind: "held", uttId: sentence.uttId, untilMs: stage.untilMs } : { kind: "idle" };
  return chain([{ ...playback, stage: freed }, [tell(report)]], (next) => goOn(next, sentence, atMs));
}

/** Silence now; the sentence ends where it is. */
function cut(playback: Playback, event: PlaybackEvent, conclusion: Conclusion = { reason: "cut" }): Step {
  if (playback.stage.kind === "idle" || playback.stage.kind === "held") return release(playback);
  return chain([playback, [{ do: "cut" }]], (next) => conclude(next, event, conclusion));
}

/** Sentences that wait and will not be spoken. */
function drop(playback: Playback, isDropped: (sentence: Sentence) => boolean, why: string): Step {
  const dropped = playback.waiting.filter(isDropped);
  const waiting = playback.waiting.filter((sentence) => !isDropped(sentence));
  return [{ ...playback, waiting }, dropped.map((sentence) => refusal(sentence, why))];
}

/** The turn that has the loudspeaker, also while it is held in a pause. */
function turnAt({ stage }: Playback): string | undefined {
  if (stage.kind === "idle") return undefined;
  return stage.kind === "held" ? stage.uttId : stage.current.uttId;
}

function isAt(playback: Playback, uttId: string | undefined): boolean {
  const turn = turnAt(playback);
  return turn !== undefined && (uttId === undefined || turn === uttId);
}

/** Everything of a turn, now and later. */
function endTurn(
  playback: Playback,
  event: PlaybackEvent,
  { uttId, limits }: { readonly uttId: string; readonly limits: Limits },
): Step {
  const remembered = [...playback.cancelled].filter(([, untilMs]) => untilMs > event.atMs);
  const cancelled = new Map([...remembered, [uttId, event.atMs + limits.rememberMs]]);
  const dropped = drop({ ...playback, cancelled }, (sentence) => sentence.uttId === uttId, "Its turn was cancelled.");
  return chain(dropped, (next) => (isAt(next, uttId) ? cut(next, event) : [next, []]));
}

function cancelled(playback: Playback, event: EventOf<"cancelled">, limits: Limits): Step {
  const { uttId } = event;
  const wasActive = isAt(playback, uttId) || playback.waiting.some((sentence) => sentence.uttId === uttId);
  return chain(endTurn(playback, event, { uttId, limits }), (next) => [
    next,
    [{ do: "acknowledge", uttId, wasActive }],
  ]);
}

function stopped(playback: Playback, event: EventOf<"stopped">, limits: Limits): Step {
  const { stage } = playback;
  const uttId = event.uttId ?? turnAt(playback);
  if (uttId === undefined) return [playback, []];
  const isCut = stage.kind !== "idle" && stage.kind !== "held" && stage.current.uttId === uttId;
  const stop = isCut ? [tell({ event: "stopped", sentence: stage.current, spokenRatio: event.spokenRatio })] : [];
  return chain([playback, stop], (next) => endTurn(next, event, { uttId, limits }));
}

function paused(playback: Playback, { uttId, ttlMs, atMs, spokenRatio }: EventOf<"paused">, limits: Limits): Step {
  const { stage } = playback;
  if (stage.kind === "idle" || !isAt(playback, uttId)) return [playback, []];
  const untilMs = atMs + (ttlMs ?? limits.pauseMs);
  // Paused again: only the deadline is new.
  if (stage.kind === "paused" || stage.kind === "held") return [{ ...playback, stage: { ...stage, untilMs } }, []];
  const expectedMs = stage.kind === "sounding" ? stage.expectedMs : undefined;
  const next: Stage = { kind: "paused", current: stage.current, untilMs, expectedMs };
  return [
    { ...playback, stage: next },
    [{ do: "pause" }, tell({ event: "paused", sentence: stage.current, spokenRatio })],
  ];
}

function resumed(playback: Playback, { uttId, atMs, spokenRatio }: EventOf<"resumed">): Step {
  const { stage } = playback;
  if (!isAt(playback, uttId)) return [playback, []];
  if (stage.kind !== "paused") return release(playback);
  const { current, expectedMs } = stage;
  const next: Stage =
    expectedMs === undefined
      ? { kind: "preparing", current, sinceMs: atMs }
      : sounding({ current, atMs, expectedMs, spokenRatio });
  return [{ ...playback, stage: next }, [{ do: "resume" }, tell({ event: "resumed", sentence: current })]];
}

interface Moment {
  readonly current: Sentence;
  readonly atMs: number;
  readonly expectedMs: number;
  readonly spokenRatio: number;
}

/** A sentence of which so much has sounded by now. */
function sounding({ current, atMs, expectedMs, spokenRatio }: Moment): Stage {
  return { kind: "sounding", current, sinceMs: atMs - expectedMs * spokenRatio, expectedMs, seenRatio: spokenRatio };
}

function abandoned(playback: Playback, event: EventOf<"abandoned">): Step {
  const dropped = drop(playback, () => true, "The router is gone.");
  const isPaused = playback.stage.kind === "paused" || playback.stage.kind === "held";
  return isPaused ? chain(dropped, (next) => cut(next, event)) : dropped;
}

function timePassed(playback: Playback, event: EventOf<"time_passed">, limits: Limits): Step {
  const { stage } = playback;
  const due = dueAtMs(playback, limits);
  if (stage.kind === "idle" || due === undefined || due > event.atMs) return [playback, []];
  const uttId = turnAt(playback);
  if (stage.kind === "paused" || stage.kind === "held") {
    return stopped(playback, { ...event, type: "stopped", uttId }, limits);
  }
  if (stage.kind === "sounding" && event.spokenRatio >= stage.seenRatio + PROGRESS_RATIO) {
    // Slow, but it goes on: an engine that is slower than speech, or a loudspeaker that stalled for a moment.
    const { current, expectedMs } = stage;
    const { atMs, spokenRatio } = event;
    return [{ ...playback, stage: sounding({ current, atMs, expectedMs, spokenRatio }) }, []];
  }
  const cause = stage.kind === "preparing" ? "It did not begin to sound" : "It did not come to its end";
  const tookSec = Math.round((due - stage.sinceMs) / 100) / 10;
  return cut(playback, event, { reason: "error", detail: `${cause} within ${tookSec} s.` });
}
