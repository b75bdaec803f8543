import fc from "fast-check";
import { expect, test } from "vitest";
import { BEGUN, CRASH_LIMIT, RESTART_DELAY, type Supervision, type SupervisionEvent, step } from "./supervision.ts";

const crash = (nowMs: number, random = 0): SupervisionEvent => ({
  type: "exited",
  cause: "killed by SIGKILL",
  isFinal: false,
  nowMs,
  random,
});

/** The state after these events. */
const after = (...events: readonly SupervisionEvent[]): Supervision =>
  events.reduce((state, event) => step(state, event)[0], BEGUN);

test("a service that became ready runs", () => {
  expect(after({ type: "became_ready" }).kind).toBe("running");
});

test("a crash is followed by another start after a jittered delay", () => {
  const [least, leastEffects] = step(BEGUN, crash(0, 0));
  const [most] = step(BEGUN, crash(0, 1));

  expect(leastEffects).toEqual([{ do: "start_later", delayMs: RESTART_DELAY.minMs / 2 }]);
  expect(least).toMatchObject({ kind: "waiting", delayMs: 1_000, cause: "killed by SIGKILL" });
  expect(most).toMatchObject({ delayMs: RESTART_DELAY.minMs });
  expect(step(least, { type: "wait_elapsed" })).toMatchObject([{ kind: "starting" }, [{ do: "start" }]]);
});

test("the delay doubles with each crash of the window, and begins anew after a quiet window", () => {
  const again: SupervisionEvent = { type: "wait_elapsed" };

  const third = after(crash(0, 1), again, crash(1_000, 1), again, crash(2_000, 1));
  const later = after(crash(0, 1), again, crash(1_000, 1), again, crash(CRASH_LIMIT.windowMs + 1_000, 1));

  expect(third).toMatchObject({ kind: "waiting", delayMs: 8_000 });
  expect(later).toMatchObject({ kind: "waiting", delayMs: 2_000 });
});

test("a service that crashes too often in a window is left down with the cause", () => {
  const crashes = Array.from({ length: CRASH_LIMIT.count + 1 }, (_, index) => [
    crash(index),
    { type: "wait_elapsed" } as const,
  ]).flat();

  const state = after(...crashes);

  expect(state).toEqual({ kind: "down", cause: "killed by SIGKILL; 6 times within 60 s" });
  expect(step(state, { type: "wait_elapsed" })).toEqual([state, []]);
});

test("an exit that another start would not mend leaves the service down at once", () => {
  const event: SupervisionEvent = { type: "exited", cause: "wrong settings", isFinal: true, nowMs: 0, random: 0 };

  expect(step(BEGUN, event)).toEqual([{ kind: "down", cause: "wrong settings" }, []]);
});

test("stopping a running service asks it to stop, and it has stopped when it exited", () => {
  const [stopping, effects] = step(after({ type: "became_ready" }), { type: "stop_requested" });

  expect(effects).toEqual([{ do: "stop" }]);
  expect(step(stopping, crash(0))).toEqual([{ kind: "stopped" }, []]);
});

test("stopping a service that waits for its next start forgets that start", () => {
  expect(step(after(crash(0)), { type: "stop_requested" })).toEqual([{ kind: "stopped" }, [{ do: "forget_start" }]]);
});

test("once stopped, nothing starts a service again, whatever happens", () => {
  const anyEvent = fc.oneof(
    fc.constant<SupervisionEvent>({ type: "became_ready" }),
    fc.constant<SupervisionEvent>({ type: "wait_elapsed" }),
    fc.constant<SupervisionEvent>({ type: "stop_requested" }),
    fc.nat(100_000).map((nowMs) => crash(nowMs)),
  );
  fc.assert(
    fc.property(fc.array(anyEvent), fc.array(anyEvent), (before, behind) => {
      let state = after(...before, { type: "stop_requested" });
      for (const event of behind) {
        const [next, effects] = step(state, event);
        expect(effects.filter((effect) => effect.do.startsWith("start"))).toEqual([]);
        state = next;
      }
      expect(["stopping", "stopped"]).toContain(state.kind);
    }),
  );
});
