import { describe, expect, it } from "vitest";
import type { AudioSink } from "./audio-sink.ts";

/** A sink under test, and the time it lives in. */
export interface SinkUnderTest {
  readonly sink: AudioSink;
  /** Lets so much of the sink's time pass. */
  readonly pass: (ms: number) => Promise<void>;
}

const ABORTED = new Error("cut");

/** The conformance suite of `AudioSink`: what every provider promises. Times are told to ± `toleranceMs`. */
export function describeAudioSink(name: string, open: () => SinkUnderTest, { toleranceMs = 0 } = {}): void {
  describe(`the audio sink ${name}`, () => {
    for (const [title, claim] of Object.entries(claimsOfSink(toleranceMs))) it(title, () => claim(open()));
  });
}

type Claim = (underTest: SinkUnderTest) => Promise<void>;

/** What is claimed of a sink, by title; each throws when it is not so. */
export function claimsOfSink(toleranceMs: number): Readonly<Record<string, Claim>> {
  return { ...claimsOfTime(toleranceMs), ...claimsOfOrder(toleranceMs) };
}

function claimsOfTime(toleranceMs: number): Readonly<Record<string, Claim>> {
  const near = (actual: number, expected: number): void => {
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(toleranceMs);
  };
  return {
    "resolves when the utterance has sounded to its end, not before": async ({ sink, pass }) => {
      const log = watch(sink, 1_000);
      await pass(999 - toleranceMs);
      expect(log.events).toEqual(["started"]);
      await pass(1 + 2 * toleranceMs);
      expect(log.events).toEqual(["started", "ended"]);
      near(sink.positionMs, 1_000);
    },
    "tells how much has sounded": async ({ sink, pass }) => {
      watch(sink, 1_000);
      await pass(400);
      near(sink.positionMs, 400);
    },
    "is silent at once when aborted, and keeps its position": async ({ sink, pass }) => {
      const log = watch(sink, 1_000);
      await pass(300);
      log.cut();
      await pass(1_000);
      expect(log.events).toEqual(["started", "cut"]);
      near(sink.positionMs, 300);
    },
    "stands still while paused": async ({ sink, pass }) => {
      const log = watch(sink, 1_000);
      await pass(400);
      sink.pause();
      await pass(5_000);
      near(sink.positionMs, 400);
      expect(log.events).toEqual(["started"]);
      sink.resume();
      await pass(600 + toleranceMs);
      expect(log.events).toEqual(["started", "ended"]);
    },
  };
}

function claimsOfOrder(toleranceMs: number): Readonly<Record<string, Claim>> {
  return {
    "begins what was played during a pause only when it is resumed": async ({ sink, pass }) => {
      sink.pause();
      const log = watch(sink, 1_000);
      await pass(2_000);
      expect(log.events).toEqual([]);
      sink.resume();
      await pass(1_000 + toleranceMs);
      expect(log.events).toEqual(["started", "ended"]);
    },
    "can be cut while paused, and plays the next one after a resume": async ({ sink, pass }) => {
      const first = watch(sink, 1_000);
      sink.pause();
      first.cut();
      await pass(0);
      sink.resume();
      const second = watch(sink, 500);
      await pass(500 + toleranceMs);
      expect([first.events, second.events]).toEqual([
        ["started", "cut"],
        ["started", "ended"],
      ]);
    },
    "refuses a second utterance while one plays": async ({ sink, pass }) => {
      const first = watch(sink, 1_000);
      const second = watch(sink, 1_000);
      await pass(1_000 + toleranceMs);
      expect(second.events).toEqual(["TypeError"]);
      expect(first.events).toEqual(["started", "ended"]);
    },
    "does not begin what was aborted before": async ({ sink, pass }) => {
      const log = watch(sink, 1_000, AbortSignal.abort(ABORTED));
      await pass(0);
      expect(log.events).toEqual(["cut"]);
    },
    "keeps time when its volume changes": async ({ sink, pass }) => {
      const log = watch(sink, 1_000);
      sink.setVolume(0);
      await pass(1_000 + toleranceMs);
      expect(log.events).toEqual(["started", "ended"]);
    },
  };
}

function watch(sink: AudioSink, durationMs: number, signal?: AbortSignal) {
  const events: string[] = [];
  const cutter = new AbortController();
  const options = { signal: signal ?? cutter.signal, onStart: () => void events.push("started") };
  sink.play({ durationMs }, options).then(
    () => events.push("ended"),
    (error: unknown) => events.push(error === ABORTED ? "cut" : error instanceof Error ? error.name : String(error)),
  );
  return { events, cut: () => cutter.abort(ABORTED) };
}
