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
  if (stage.kind === "paused") return stage.untilMs;
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
  const [current, ...waiting] = playback.waiting;
  if (playback.stage.kind !== "idle" || current === undefined) return [playback, []];
  if (current.text.trim() === "") {
    const over = tell({ event: "speaking_end", sentence: current, reason: "done", spokenRatio: 0 });
    return chain([{ ...playback, waiting }, [over]], (next) => playNext(next, atMs));
  }
  const generation = playback.generation + 1;
  const stage: Stage = { kind: "preparing", current, sinceMs: atMs };
  return [{ ...playback, waiting, stage, generation }, [{ do: "play", sentence: current, generation }]];
}

function started(playback: Playback, { generation, expectedMs, atMs }: EventOf<"started">): Step {
  const { stage } = playback;
  if (stage.kind !== "preparing" || generation !== playback.generation) return [playback, []];
  const firstAudibleMs = atMs - stage.sinceMs;
  const sounding: Stage = { kind: "sounding", current: stage.current, sinceMs: atMs, expectedMs, seenRatio: 0 };
  return [
    { ...playback, stage: sounding },
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
  if (stage.kind === "idle") return [playback, []];
  const sentence = stage.current;
  const report: Report = {
    event: reason === "error" ? "failed" : "speaking_end",
    sentence,
    reason,
    // What has no sound in it is done without having sounded.
    spokenRatio: reason === "done" && hasBegun(stage) ? 1 : spokenRatio,
    ...(detail === undefined ? {} : { detail }),
  };
  return chain([{ ...playback, stage: { kind: "idle" } }, [tell(report)]], (next) => playNext(next, atMs));
}

/** Silence now; the sentence ends where it is. */
function cut(playback: Playback, event: PlaybackEvent, conclusion: Conclusion = { reason: "cut" }): Step {
  if (playback.stage.kind === "idle") return [playback, []];
  return chain([playback, [{ do: "cut" }]], (next) => conclude(next, event, conclusion));
}

/** Sentences that wait and will not be spoken. */
function drop(playback: Playback, isDropped: (sentence: Sentence) => boolean, why: string): Step {
  const dropped = playback.waiting.filter(isDropped);
  const waiting = playback.waiting.filter((sentence) => !isDropped(sentence));
  return [{ ...playback, waiting }, dropped.map((sentence) => refusal(sentence, why))];
}

function isSpeaking({ stage }: Playback, uttId: string | undefined): boolean {
  return stage.kind !== "idle" && (uttId === undefined || stage.current.uttId === uttId);
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
  return chain(dropped, (next) => (isSpeaking(next, uttId) ? cut(next, event) : [next, []]));
}

function cancelled(playback: Playback, event: EventOf<"cancelled">, limits: Limits): Step {
  const { uttId } = event;
  const wasActive = isSpeaking(playback, uttId) || playback.waiting.some((sentence) => sentence.uttId === uttId);
  return chain(endTurn(playback, event, { uttId, limits }), (next) => [
    next,
    [{ do: "acknowledge", uttId, wasActive }],
  ]);
}

function stopped(playback: Playback, event: EventOf<"stopped">, limits: Limits): Step {
  const { stage } = playback;
  const speaking = stage.kind === "idle" ? undefined : stage.current;
  const uttId = event.uttId ?? speaking?.uttId;
  if (uttId === undefined) return [playback, []];
  const isCut = speaking !== undefined && speaking.uttId === uttId;
  const stop = isCut ? [tell({ event: "stopped", sentence: speaking, spokenRatio: event.spokenRatio })] : [];
  return chain([playback, stop], (next) => endTurn(next, event, { uttId, limits }));
}

function paused(playback: Playback, { uttId, ttlMs, atMs, spokenRatio }: EventOf<"paused">, limits: Limits): Step {
  const { stage } = playback;
  if (stage.kind === "idle" || !isSpeaking(playback, uttId)) return [playback, []];
  const untilMs = atMs + (ttlMs ?? limits.pauseMs);
  // Paused again: only the deadline is new.
  if (stage.kind === "paused") return [{ ...playback, stage: { ...stage, untilMs } }, []];
  const expectedMs = stage.kind === "sounding" ? stage.expectedMs : undefined;
  const next: Stage = { kind: "paused", current: stage.current, untilMs, expectedMs };
  return [
    { ...playback, stage: next },
    [{ do: "pause" }, tell({ event: "paused", sentence: stage.current, spokenRatio })],
  ];
}

function resumed(playback: Playback, { uttId, atMs, spokenRatio }: EventOf<"resumed">): Step {
  const { stage } = playback;
  if (stage.kind !== "paused" || !isSpeaking(playback, uttId)) return [playback, []];
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
  return playback.stage.kind === "paused" ? chain(dropped, (next) => cut(next, event)) : dropped;
}

function timePassed(playback: Playback, event: EventOf<"time_passed">, limits: Limits): Step {
  const { stage } = playback;
  const due = dueAtMs(playback, limits);
  if (stage.kind === "idle" || due === undefined || due > event.atMs) return [playback, []];
  if (stage.kind === "paused") {
    const { uttId } = stage.current;
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
