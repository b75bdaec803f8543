import { expect, test } from "vitest";
import type { Clock } from "../clock.ts";
import { PeerWatch } from "./peer-watch.ts";

const HEALTHY = { ok: true, boot: "a", session: "s" };

/** A clock that stands still and counts the timers that are set. */
function standingClock() {
  const timers = new Set<() => void>();
  const clock: Clock = {
    nowMs: () => 1_000,
    setTimer: (_, fire) => {
      timers.add(fire);
      return () => timers.delete(fire);
    },
  };
  return { clock, timers };
}

test("a peer whose boot changes has lost what it had in hand", () => {
  const { clock } = standingClock();
  const lost: string[] = [];
  const watch = new PeerWatch({ clock, onLost: () => lost.push("lost") });

  watch.see(HEALTHY);
  watch.see({ ...HEALTHY, boot: "b" });

  expect(lost).toEqual(["lost"]);
});

test("after stop no timer is set again, whatever is still seen", () => {
  const { clock, timers } = standingClock();
  const watch = new PeerWatch({ clock, onLost: () => undefined });
  watch.see(HEALTHY);
  expect(timers.size).toBe(1);

  watch.stop();
  watch.see({ ...HEALTHY, ok: false });
  watch.see(HEALTHY);

  expect(timers.size).toBe(0);
});
