import { manualClock } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { type WaitSpec, waitFor } from "./wait-for.ts";

const pending = (): Promise<never> => new Promise(() => undefined);

function spec(parts: Partial<WaitSpec> = {}) {
  const clock = manualClock();
  const all: WaitSpec = {
    clock: { ...clock, epochMs: clock.nowMs },
    timeoutMs: 1_000,
    signal: undefined,
    onTimeout: () => new Error("too late"),
    ...parts,
  };
  return { clock, all };
}

test("a promise that settles in time gives its own outcome and leaves no timer", async () => {
  const { clock, all } = spec();

  expect(await waitFor(Promise.resolve(7), all)).toBe(7);
  await expect(waitFor(Promise.reject(new Error("own")), all)).rejects.toThrow("own");
  expect(clock.pendingCount).toBe(0);
});

test("at the deadline the wait rejects with the error it was given", async () => {
  const { clock, all } = spec();
  const waiting = expect(waitFor(pending(), all)).rejects.toThrow("too late");

  await clock.advance(1_000);

  await waiting;
});

test("an abort rejects with the signal's reason and tells who asked for it", async () => {
  const controller = new AbortController();
  const told: string[] = [];
  const { clock, all } = spec({ signal: controller.signal, onGivenUp: () => told.push("aborted") });
  const waiting = waitFor(pending(), all);

  controller.abort(new Error("no longer wanted"));

  await expect(waiting).rejects.toThrow("no longer wanted");
  expect([told, clock.pendingCount]).toEqual([["aborted"], 0]);
});

test("a signal that was aborted before wins over a pending promise", async () => {
  const told: string[] = [];
  const { all } = spec({ signal: AbortSignal.abort(new Error("before")), onGivenUp: () => told.push("aborted") });

  await expect(waitFor(pending(), all)).rejects.toThrow("before");
  expect(told).toEqual(["aborted"]);
});

test("an abort after the promise has settled tells nobody", async () => {
  const controller = new AbortController();
  const told: string[] = [];
  const { all } = spec({ signal: controller.signal, onGivenUp: () => told.push("aborted") });
  await waitFor(Promise.resolve(), all);

  controller.abort(new Error("after"));

  expect(told).toEqual([]);
});

test("what the one who gave up settles then does not count any more", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { clock, all } = spec({ onGivenUp: () => resolve("withdrawn") });
  const waiting = expect(waitFor(promise, all)).rejects.toThrow("too late");

  await clock.advance(1_000);

  await waiting;
});
