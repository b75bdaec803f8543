import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { AudioSink, Sound } from "./audio-sink.ts";
import { samplesOfMs } from "./frame.ts";

/** A sink under test, and the time it lives in. */
export interface SinkUnderTest extends AsyncDisposable {
  readonly sink: AudioSink;
  /** Lets so much of the sink's time pass. */
  readonly pass: (ms: number) => Promise<void>;
}

/** How true a sink is to time. */
export interface Trueness {
  /** Between an order and its being heard: what may still sound, and what it takes to begin. */
  readonly toleranceMs: number;
}

type Open = () => Promise<SinkUnderTest>;

const CUT = new Error("cut");
const BROKEN = new Error("the engine broke");

/**
 * The conformance suite of `AudioSink`: what every provider promises. Its claims are proven side by side, each at a sink of its
 * own: they let time pass, and next to no work is done in it.
 */
export function describeAudioSink(name: string, open: Open, trueness: Trueness = { toleranceMs: 0 }): void {
  describe.concurrent(`the audio sink ${name}`, () => {
    for (const [title, claim] of Object.entries(claimsOfSink(trueness))) {
      it(title, async () => {
        await using underTest = await open();
        await claim(underTest);
      });
    }
  });
}

type Claim = (underTest: SinkUnderTest) => Promise<void>;
type Claims = Readonly<Record<string, Claim>>;

/** What is claimed of a sink, by title; each throws when it is not so. */
export function claimsOfSink(trueness: Trueness): Claims {
  return {
    ...claimsOfTime(trueness),
    ...claimsOfPause(trueness),
    ...claimsOfFeeding(trueness),
    ...claimsOfOrder(trueness),
    ...claimsOfTrouble(trueness),
  };
}

function claimsOfTime({ toleranceMs }: Trueness): Claims {
  return {
    "resolves when the sound has sounded to its end, not before": async ({ sink, pass }) => {
      const log = play(sink, { durationMs: 1_000 });
      await pass(999 - toleranceMs);
      expect(log.events).toEqual(["started"]);
      await pass(1 + 2 * toleranceMs);
      expect(log.events).toEqual(["started", "ended"]);
      near(sink.positionMs, 1_000, toleranceMs);
    },
    "tells how much has sounded, all along": async ({ sink, pass }) => {
      const log = play(sink, { durationMs: 1_000 });
      for (const atMs of [200, 400, 600, 800]) {
        await pass(200);
        near(sink.positionMs, atMs, toleranceMs);
      }
      log.cut();
    },
    "keeps time when its volume changes": async ({ sink, pass }) => {
      const log = play(sink, { durationMs: 1_000 });
      sink.setVolume(0);
      await pass(1_000 + 2 * toleranceMs);
      expect(log.events).toEqual(["started", "ended"]);
    },
    "is over at once with a sound of nothing, and does not say that it began": async ({ sink, pass }) => {
      const log = play(sink, { durationMs: 0 });
      await pass(1 + 2 * toleranceMs);
      expect(log.events).toEqual(["ended"]);
    },
  };
}

function claimsOfPause({ toleranceMs }: Trueness): Claims {
  return {
    "stands still while paused, at most 100 ms on, and goes on where it was": async ({ sink, pass }) => {
      const log = play(sink, { durationMs: 1_000 });
      await pass(400);
      sink.pause();
      await pass(2_500);
      const heldMs = sink.positionMs;
      expect(heldMs).toBeGreaterThanOrEqual(400 - toleranceMs);
      expect(heldMs).toBeLessThanOrEqual(500 + toleranceMs);
      expect(log.events).toEqual(["started"]);
      sink.resume();
      await pass(200);
      near(sink.positionMs, heldMs + 200, toleranceMs);
      await pass(400 + 2 * toleranceMs);
      expect(log.events).toEqual(["started", "ended"]);
    },
    "begins what was played during a pause only when it is resumed": async ({ sink, pass }) => {
      sink.pause();
      const log = play(sink, { durationMs: 1_000 });
      await pass(2_500);
      expect(log.events).toEqual([]);
      sink.resume();
      await pass(1_000 + 2 * toleranceMs);
      expect(log.events).toEqual(["started", "ended"]);
    },
    "can be cut while paused, and plays the next one after a resume": async ({ sink, pass }) => {
      const first = play(sink, { durationMs: 1_000 });
      await pass(100 + toleranceMs);
      sink.pause();
      first.cut();
      await pass(0);
      sink.resume();
      const second = play(sink, { durationMs: 500 });
      await pass(500 + 2 * toleranceMs);
      expect([first.events, second.events]).toEqual([
        ["started", "cut"],
        ["started", "ended"],
      ]);
    },
  };
}

function claimsOfFeeding({ toleranceMs }: Trueness): Claims {
  return {
    "takes at most 100 ms and what it reads ahead before its time": async ({ sink, pass }) => {
      const log = play(sink, { durationMs: 10_000, pieceMs: 20 });
      await pass(1_000);
      expect(log.readMs()).toBeLessThanOrEqual(1_000 + 100 + 500 + 20 + toleranceMs);
      log.cut();
    },
    "waits for an engine that is slower than speech, and counts no time for it": async ({ sink, pass }) => {
      const gate = Promise.withResolvers<void>();
      const log = play(sink, { durationMs: 1_000, pieceMs: 500, gate: gate.promise });
      await pass(2_500);
      near(sink.positionMs, 500, toleranceMs);
      gate.resolve();
      await pass(500 + 2 * toleranceMs);
      expect(log.events).toEqual(["started", "ended"]);
    },
  };
}

function claimsOfOrder({ toleranceMs }: Trueness): Claims {
  return {
    "is silent at once when aborted, and keeps its position": async ({ sink, pass }) => {
      const log = play(sink, { durationMs: 1_000 });
      await pass(300);
      log.cut();
      const cutMs = sink.positionMs;
      await pass(1_000);
      expect(log.events).toEqual(["started", "cut"]);
      near(cutMs, 300, toleranceMs);
      expect(sink.positionMs).toBe(cutMs);
    },
    "can be cut before it has begun, and plays the next one at once": async ({ sink, pass }) => {
      const first = play(sink, { durationMs: 1_000 });
      first.cut();
      const second = play(sink, { durationMs: 300 });
      await pass(300 + 2 * toleranceMs);
      expect([first.events, second.events]).toEqual([["cut"], ["started", "ended"]]);
    },
    "refuses a second sound while one plays": async ({ sink, pass }) => {
      const first = play(sink, { durationMs: 1_000 });
      const second = play(sink, { durationMs: 1_000 });
      await pass(1_000 + 2 * toleranceMs);
      expect(second.events).toEqual(["TypeError"]);
      expect(first.events).toEqual(["started", "ended"]);
    },
    "does not begin what was aborted before": async ({ sink, pass }) => {
      const log = play(sink, { durationMs: 1_000, signal: AbortSignal.abort(CUT) });
      await pass(0);
      expect(log.events).toEqual(["cut"]);
    },
    "may be told to get ready for nothing": async ({ sink, pass }) => {
      sink.prepare();
      sink.prepare();
      const log = play(sink, { durationMs: 200 });
      await pass(200 + 2 * toleranceMs);
      expect(log.events).toEqual(["started", "ended"]);
    },
  };
}

function claimsOfTrouble({ toleranceMs }: Trueness): Claims {
  return {
    "plays what came of an engine that breaks, then says why, and plays the next one": async ({ sink, pass }) => {
      const first = play(sink, { durationMs: 1_000, breaksAtMs: 400, pieceMs: 200 });
      await pass(400 + 2 * toleranceMs);
      expect(first.events).toEqual(["started", BROKEN.message]);
      near(sink.positionMs, 400, toleranceMs);
      const second = play(sink, { durationMs: 200 });
      await pass(200 + 2 * toleranceMs);
      expect(second.events).toEqual(["started", "ended"]);
    },
    "cuts what plays when it is closed, and plays no more": async ({ sink, pass }) => {
      const first = play(sink, { durationMs: 1_000 });
      await pass(200 + toleranceMs);
      await sink.close();
      await sink.close();
      const second = play(sink, { durationMs: 1_000 });
      await pass(1);
      expect([first.events, second.events]).toEqual([["started", "The loudspeaker was closed."], ["TypeError"]]);
    },
  };
}

function near(actualMs: number, expectedMs: number, toleranceMs: number): void {
  expect(actualMs).toBeGreaterThanOrEqual(expectedMs - toleranceMs);
  expect(actualMs).toBeLessThanOrEqual(expectedMs + toleranceMs);
}

interface Order {
  readonly durationMs: number;
  /** Default: all in one piece. */
  readonly pieceMs?: number;
  /** Opens the way for everything behind the first piece. */
  readonly gate?: Promise<void>;
  readonly breaksAtMs?: number;
  readonly signal?: AbortSignal;
}

interface PlayLog {
  readonly events: readonly string[];
  readonly cut: () => void;
  /** How much of the sound was taken. */
  readonly readMs: () => number;
}

function play(sink: AudioSink, order: Order): PlayLog {
  const events: string[] = [];
  const cutter = new AbortController();
  let readMs = 0;
  const sound: Sound = { expectedMs: order.durationMs, pcm: piecesOf(order, (ms) => (readMs += ms)) };
  const signal = order.signal ?? cutter.signal;
  sink.play(sound, { sayId: randomBytes(16).toString("hex"), signal, onStart: () => void events.push("started") }).then(
    () => events.push("ended"),
    (error: unknown) => events.push(wordOf(error)),
  );
  return { events, cut: () => cutter.abort(CUT), readMs: () => readMs };
}

async function* piecesOf(
  { durationMs, pieceMs = durationMs, gate, breaksAtMs = Infinity }: Order,
  read: (ms: number) => void,
): AsyncGenerator<Int16Array, void, undefined> {
  for (let atMs = 0; atMs < durationMs; atMs += pieceMs) {
    if (atMs > 0) await gate;
    if (atMs >= breaksAtMs) throw BROKEN;
    read(pieceMs);
    yield new Int16Array(samplesOfMs(pieceMs)).fill(1_000);
  }
}

function wordOf(error: unknown): string {
  if (error === CUT) return "cut";
  if (error instanceof TypeError) return "TypeError";
  return error instanceof Error ? error.message : String(error);
}
