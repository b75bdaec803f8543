import { type ManualClock, manualClock } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { ABORT_GRACE_MS, type AttemptPolicy, runAttempts, type Verdict } from "./attempts.ts";
import type { LateSignal } from "./late-signal.ts";

const POLICY: AttemptPolicy = { timeoutMs: 1_000, attempts: 3, minDelayMs: 100, maxDelayMs: 300 };

type Call = (attempt: number, signal: AbortSignal) => void | Promise<void>;

/** A run in progress under a clock that the test moves. */
function begin(
  call: Call,
  {
    policy = {},
    random = 1,
    abort = new AbortController(),
  }: { policy?: Partial<AttemptPolicy>; random?: number; abort?: AbortController } = {},
) {
  const clock: ManualClock = manualClock();
  const startedAtMs: number[] = [];
  const signals: AbortSignal[] = [];
  const counted = (attempt: number, { signal }: LateSignal) => {
    startedAtMs.push(clock.nowMs() - 1_000_000);
    signals.push(signal);
    return call(attempt, signal);
  };
  const deps = {
    clock: { ...clock, epochMs: clock.nowMs },
    random: () => random,
    abort: abort.signal,
    expiresAtMs: Infinity,
  };
  let verdict: Verdict | undefined;
  const ended = Promise.resolve(runAttempts(counted, { ...POLICY, ...policy }, deps)).then((result) => {
    verdict = result;
    return result;
  });
  return { clock, abort, startedAtMs, signals, ended, verdict: () => verdict };
}

const throwing: Call = () => {
  throw new Error("no");
};
const rejecting: Call = () => Promise.reject(new Error("no"));
const hanging: Call = () => new Promise(() => undefined);
const obedient: Call = (_attempt, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test.each<{ readonly what: string; readonly call: Call }>([
  { what: "returns", call: () => undefined },
  { what: "resolves", call: () => Promise.resolve() },
])("a handler that $what is done after one attempt", async ({ call }) => {
  const run = begin(call);

  expect(await run.ended).toEqual({ kind: "done", attempts: 1 });
  expect(run.clock.pendingCount).toBe(0);
});

test("a handler that waits for nothing is done without a promise on the way", () => {
  const clock = manualClock();
  const deps = { clock: { ...clock, epochMs: clock.nowMs }, random: () => 0, expiresAtMs: Infinity };

  const verdict = runAttempts(() => undefined, POLICY, { ...deps, abort: new AbortController().signal });

  expect(verdict).toEqual({ kind: "done", attempts: 1 });
});

test.each<{ readonly what: string; readonly call: Call }>([
  { what: "throws", call: throwing },
  { what: "rejects", call: rejecting },
])("a handler that $what is tried as often as the policy says, with a growing pause between", async ({ call }) => {
  const run = begin(call);

  await run.clock.advance(10_000);

  expect(run.verdict()).toEqual({ kind: "failed", attempts: 3, error: new Error("no") });
  expect(run.startedAtMs).toEqual([0, 100, 300]);
  expect(run.clock.pendingCount).toBe(0);
});

test("the pause between attempts is drawn from zero to a bound that doubles up to its maximum", async () => {
  const run = begin(throwing, { policy: { attempts: 5 }, random: 0.5 });

  await run.clock.advance(10_000);

  expect(run.startedAtMs).toEqual([0, 50, 150, 300, 450]);
});

test("a handler that succeeds at its second attempt is done", async () => {
  const run = begin((attempt) => (attempt === 1 ? rejecting(attempt, new AbortController().signal) : undefined));

  await run.clock.advance(10_000);

  expect(run.verdict()).toEqual({ kind: "done", attempts: 2 });
});

test("a handler that takes too long has its signal aborted with a timeout, and is tried again when it gives up", async () => {
  const run = begin(obedient, { policy: { attempts: 2 } });

  await run.clock.advance(999);
  const early = run.signals[0]?.aborted;
  await run.clock.advance(10_000);

  expect(early).toBe(false);
  expect(run.signals[0]?.reason).toMatchObject({ name: "TimeoutError" });
  expect(run.startedAtMs).toEqual([0, 1_100]);
  expect(run.verdict()).toMatchObject({ kind: "failed", attempts: 2, error: { name: "TimeoutError" } });
});

test("a handler that succeeds within the grace after its timeout is done", async () => {
  const finish = Promise.withResolvers<void>();
  const run = begin(() => finish.promise);

  await run.clock.advance(1_000 + ABORT_GRACE_MS - 1);
  finish.resolve();

  expect(await run.ended).toEqual({ kind: "done", attempts: 1 });
});

test("a handler that does not heed its signal is hung, is never tried again, and says when it returns after all", async () => {
  const finish = Promise.withResolvers<void>();
  const run = begin(() => finish.promise);

  await run.clock.advance(1_000 + ABORT_GRACE_MS);
  const verdict = run.verdict();
  let hasReturned = false;
  if (verdict?.kind === "hung") void verdict.released.then(() => (hasReturned = true));
  await run.clock.advance(60_000);
  const before = hasReturned;
  finish.resolve();
  await run.clock.advance(0);

  expect(verdict).toMatchObject({ kind: "hung", attempts: 1 });
  expect(run.startedAtMs).toEqual([0]);
  expect([before, hasReturned]).toEqual([false, true]);
});

test("a hung handler that rejects at last has returned too", async () => {
  const finish = Promise.withResolvers<void>();
  const run = begin(() => finish.promise);
  await run.clock.advance(1_000 + ABORT_GRACE_MS);
  const verdict = run.verdict();

  finish.reject(new Error("too late to matter"));

  expect(verdict?.kind).toBe("hung");
  expect(await (verdict?.kind === "hung" ? verdict.released : "not hung")).toBeUndefined();
});

test("an abort reaches the running handler with its reason, and no further attempt starts", async () => {
  const run = begin(obedient);

  run.abort.abort(new Error("closing"));
  const verdict = await run.ended;
  await run.clock.advance(10_000);

  expect(verdict).toEqual({ kind: "aborted" });
  expect(run.signals[0]?.reason).toEqual(new Error("closing"));
  expect(run.startedAtMs).toEqual([0]);
});

test("an abort during the pause ends the run at once", async () => {
  const run = begin(throwing);
  await run.clock.advance(50);

  run.abort.abort(new Error("closing"));

  expect(await run.ended).toEqual({ kind: "aborted" });
  expect(run.startedAtMs).toEqual([0]);
  expect(run.clock.pendingCount).toBe(0);
});

test("an abort does not undo a handler that succeeds within the grace", async () => {
  const finish = Promise.withResolvers<void>();
  const run = begin(() => finish.promise);

  run.abort.abort(new Error("closing"));
  finish.resolve();

  expect(await run.ended).toEqual({ kind: "done", attempts: 1 });
});

test("an abort ends the wait for a handler that does not heed it after the grace", async () => {
  const run = begin(hanging);

  run.abort.abort(new Error("closing"));
  await run.clock.advance(ABORT_GRACE_MS);

  expect(run.verdict()).toEqual({ kind: "aborted" });
});

test("an abort that the handler itself brings about before its first await reaches its signal", async () => {
  const abort = new AbortController();
  const stopping: Call = (attempt, signal) => {
    abort.abort(new Error("stopped by the handler"));
    return obedient(attempt, signal);
  };
  const run = begin(stopping, { abort });

  await run.clock.advance(0);

  expect(run.verdict()).toEqual({ kind: "aborted" });
  expect(run.signals[0]?.reason).toEqual(new Error("stopped by the handler"));
});

test("nothing starts under a signal that was aborted before", async () => {
  const abort = new AbortController();
  abort.abort(new Error("closed"));
  const clock = manualClock();
  let calls = 0;

  const verdict = await runAttempts(
    () => {
      calls += 1;
    },
    POLICY,
    {
      clock: { ...clock, epochMs: clock.nowMs },
      random: () => 0,
      expiresAtMs: Infinity,
      abort: abort.signal,
    },
  );

  expect([verdict, calls]).toEqual([{ kind: "aborted" }, 0]);
});
