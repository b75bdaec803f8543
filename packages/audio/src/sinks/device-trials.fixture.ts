/** Measures a sink against what its loudspeaker really played. Tests and `bench` share it. */
import { randomInt } from "node:crypto";
import { until } from "@ts-tars/harness";
import type { AudioSink, Sound } from "../audio-sink.ts";
import { type MonitorRecording, rulerSound } from "./monitor-recording.fixture.ts";

export interface Stage {
  readonly sink: AudioSink;
  readonly recording: MonitorRecording;
}

const STOP = new Error("stop");
const SILENCE_MS = 250;

export interface StartFigures {
  /** From `play` to the first sample at the loudspeaker. */
  readonly audibleMs: number;
  /** How much later than that `onStart` was called. */
  readonly toldMs: number;
}

/** Plays a short sound, with or without having been told that it will come. */
export async function measureStart({ sink, recording }: Stage, order: "announced" | "sudden"): Promise<StartFigures> {
  recording.clear();
  if (order === "announced") {
    sink.prepare();
    await passMs(60);
  }
  const askedAtMs = performance.now();
  let startedAtMs = Number.NaN;
  await play(sink, 300, { onStart: () => (startedAtMs = performance.now()) });
  await recording.untilSilentFor(SILENCE_MS);
  const heardAtMs = recording.firstSoundAtMs ?? Number.NaN;
  return { audibleMs: heardAtMs - askedAtMs, toldMs: startedAtMs - heardAtMs };
}

export interface StopFigures {
  /** What was heard in all, less the position that the sink told when it was stopped. */
  readonly errorMs: number;
  /** From the stop to the last sample at the loudspeaker. */
  readonly silentAfterMs: number;
}

/** Stops a sound somewhere in its middle. */
export async function measureStop({ sink, recording }: Stage): Promise<StopFigures> {
  recording.clear();
  const cutter = new AbortController();
  const over = play(sink, 3_000, { signal: cutter.signal }).catch((error: unknown) => {
    if (error !== STOP) throw error;
  });
  await recording.untilPlace(randomInt(300, 1_200));
  const positionMs = sink.positionMs;
  const stoppedAtMs = performance.now();
  cutter.abort(STOP);
  await over;
  await recording.untilSilentFor(SILENCE_MS);
  return {
    errorMs: recording.placeMs - positionMs,
    silentAfterMs: (recording.lastSoundAtMs ?? Number.NaN) - stoppedAtMs,
  };
}

export interface PauseFigures {
  /** What was heard up to the pause, less the position that the sink told in it. */
  readonly errorMs: number;
  /** From the order to pause to the last sample at the loudspeaker. */
  readonly silentAfterMs: number;
  /** The place at which it went on, less the one at which it had stopped: below 0 something came twice. */
  readonly jumpMs: number;
}

/** Pauses a sound somewhere in its middle, and lets it go on to its end. */
export async function measurePause({ sink, recording }: Stage): Promise<PauseFigures> {
  recording.clear();
  const over = play(sink, 2_000, {});
  await recording.untilPlace(randomInt(300, 1_200));
  const pausedAtMs = performance.now();
  sink.pause();
  await recording.untilSilentFor(SILENCE_MS);
  const heldMs = recording.placeMs;
  const errorMs = heldMs - sink.positionMs;
  const silentAfterMs = (recording.lastSoundAtMs ?? Number.NaN) - pausedAtMs;
  recording.clear();
  sink.resume();
  await recording.untilPlace(heldMs);
  const first = recording.heard.find((value) => value !== 0) ?? 0;
  await over;
  await recording.untilSilentFor(SILENCE_MS);
  return { errorMs, silentAfterMs, jumpMs: first / 8 - 1 - heldMs };
}

/** The middle one of so many trials. */
export async function medianOf<Figures extends object>(
  trialCount: number,
  measure: () => Promise<Figures>,
): Promise<{ readonly [Figure in keyof Figures]: number }> {
  const trials: Figures[] = [];
  while (trials.length < trialCount) trials.push(await measure());
  const entries = Object.keys(trials[0] ?? {}).map((figure) => {
    const values = trials.map((trial) => Number(trial[figure as keyof Figures])); // a key of a trial
    return [figure, values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN];
  });
  return Object.fromEntries(entries);
}

interface PlayOrder {
  readonly signal?: AbortSignal;
  readonly onStart?: () => void;
}

function play(sink: AudioSink, durationMs: number, { signal, onStart }: PlayOrder): Promise<void> {
  const sound: Sound = { expectedMs: durationMs, pcm: inPieces(rulerSound(durationMs)) };
  const never = new AbortController().signal;
  return sink.play(sound, { sayId: "7".repeat(32), signal: signal ?? never, onStart: onStart ?? (() => undefined) });
}

async function* inPieces(pcm: Int16Array): AsyncGenerator<Int16Array, void, undefined> {
  for (let at = 0; at < pcm.length; at += 1_000) yield pcm.subarray(at, at + 1_000);
}

/** Real time has to pass where a real loudspeaker is heard. */
export async function passMs(durationMs: number): Promise<void> {
  const endMs = performance.now() + durationMs;
  await until(() => performance.now() >= endMs, { deadlineMs: durationMs + 10_000 });
}
