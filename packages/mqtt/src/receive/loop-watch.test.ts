import { manualClock } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { createMeter } from "../meter.ts";
import { LoopWatch } from "./loop-watch.ts";

/** A watch whose loop stands still when the test says so: the clock moves on, and its timers come late. */
function openWatch() {
  const clock = manualClock();
  let skewMs = 0;
  const lines: { readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  const log = (fields: Readonly<Record<string, unknown>>, message: string) => void lines.push({ message, fields });
  const measured: unknown[] = [];
  const watch = new LoopWatch({
    clock: { ...clock, nowMs: () => clock.nowMs() + skewMs, epochMs: () => 0 },
    log: { debug: log, info: log, warn: log, error: log },
    meter: createMeter(
      { onDuration: (...all) => measured.push(all) },
      { debug: log, info: log, warn: log, error: log },
    ),
  });
  watch.start();
  const block = (ms: number): void => {
    skewMs += ms;
  };
  const nowMs = (): number => clock.nowMs() + skewMs;
  /** A handler whose synchronous part blocks so long. */
  const run = (topic: string, ms: number, label = topic): void => {
    const fromMs = nowMs();
    block(ms);
    watch.ran(topic, { label, fromMs, toMs: nowMs() });
  };
  return { watch, clock, lines, measured, block, run, nowMs };
}

test("a loop that turns is not reported", async () => {
  const { clock, lines, run } = openWatch();

  run("a", 0);
  await clock.advance(10_000);

  expect(lines).toEqual([]);
});

test("a handler that blocks in one go is named exactly, once", async () => {
  const { watch, clock, lines, run, nowMs } = openWatch();

  run("lamp/set", 3_000);
  watch.ended("lamp/set", nowMs());
  await clock.advance(5_000);

  expect(lines).toEqual([
    { message: "handler blocked the event loop", fields: { topic: "lamp/set", blockedMs: 3_000 } },
  ]);
});

test("a block is measured under the declared name of its topic, and under none when nobody is to blame", async () => {
  const { clock, measured, block, run } = openWatch();

  run("lamp/7/set", 3_000, "lamp/{number}/set");
  await clock.advance(5_000);
  block(2_000);
  await clock.advance(1_000);

  expect(measured).toEqual([
    ["loop_blocked_ms", 3_000, { topic: "lamp/{number}/set" }],
    ["loop_blocked_ms", 2_000, { topic: "" }],
  ]);
});

test("a handler that blocks after an await and then ends is named, and not those that merely run", async () => {
  const { watch, clock, lines, block } = openWatch();
  watch.enter("runs/on");
  const leave = watch.enter("lamp/set");
  await clock.advance(900);

  block(3_000);
  leave();
  await clock.advance(100);

  expect(lines).toEqual([{ message: "event loop blocked", fields: { blockedMs: 3_000, handling: ["lamp/set"] } }]);
});

test("handlers that ended without waiting are named when only all of them together blocked", async () => {
  const { watch, clock, lines, run, nowMs } = openWatch();
  await clock.advance(900);

  for (let n = 0; n < 4; n += 1) {
    run("lamp/set", 300);
    watch.ended("lamp/set", nowMs());
  }
  await clock.advance(100);

  expect(lines).toEqual([{ message: "event loop blocked", fields: { blockedMs: 1_200, handling: ["lamp/set"] } }]);
});

test("when no handler ended meanwhile those that run are named, at most sixteen", async () => {
  const { watch, clock, lines, block } = openWatch();
  for (let n = 0; n < 100; n += 1) watch.enter(`topic/${n}`);

  block(2_000);
  await clock.advance(1_000);

  expect(lines[0]?.fields["handling"]).toEqual(Array.from({ length: 16 }, (_, n) => `topic/${n}`));
});

test("a handler that ended before is not blamed for a later pause", async () => {
  const { watch, clock, lines, block } = openWatch();
  watch.enter("innocent")();
  await clock.advance(5_000);

  block(2_000);
  await clock.advance(1_000);

  expect(lines.map(({ fields }) => fields["handling"])).toEqual([[]]);
});

test("a watch that was stopped reports nothing and leaves no timer", async () => {
  const { watch, clock, lines, block } = openWatch();

  watch.stop();
  block(5_000);
  await clock.advance(5_000);

  expect([lines, clock.pendingCount]).toEqual([[], 0]);
});
