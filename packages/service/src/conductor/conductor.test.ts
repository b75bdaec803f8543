import { describe, expect, it } from "vitest";
import { type Conductor, DEFAULT_PATIENCE, lostAtMs, see, UNSEEN, wait } from "./conductor.ts";

const HERE: Conductor = { kind: "here", boot: "b1", session: "s1", seenAtMs: 0 };
const bye = { ok: false, boot: "b1", session: "s1" };

describe("the router", () => {
  it("is lost 3 s after its goodbye", () => {
    const [missing, isLost] = see(HERE, bye, 100);

    expect(isLost).toBe(false);
    expect(lostAtMs(missing, DEFAULT_PATIENCE)).toBe(3_100);
    expect(wait(missing, 3_099, DEFAULT_PATIENCE)[1]).toBe(false);
    expect(wait(missing, 3_100, DEFAULT_PATIENCE)).toEqual([{ kind: "lost", boot: "b1" }, true]);
  });

  it("is not lost when the same process comes back in time", () => {
    const [missing] = see(HERE, bye, 100);
    const [back, isLost] = see(missing, { ok: true, boot: "b1", session: "s2" }, 2_000);

    expect([back.kind, isLost]).toEqual(["here", false]);
  });

  it("is lost at once when another process took its place", () => {
    expect(see(HERE, { ok: true, boot: "b2", session: "s2" }, 10)[1]).toBe(true);
  });

  it("is lost after 45 s of silence, and only once", () => {
    const [lost, isLost] = wait(HERE, 45_000, DEFAULT_PATIENCE);

    expect(isLost).toBe(true);
    expect(wait(lost, 99_000, DEFAULT_PATIENCE)[1]).toBe(false);
    expect(see(lost, { ok: true, boot: "b2", session: "s2" }, 99_000)).toEqual([
      { kind: "here", boot: "b2", session: "s2", seenAtMs: 99_000 },
      false,
    ]);
  });

  it("is not lost by the last will of a connection before the present one", () => {
    expect(see({ ...HERE, session: "s2" }, bye, 10)[0].kind).toBe("here");
  });

  it("that was never seen cannot be lost", () => {
    expect(see(UNSEEN, bye, 10)).toEqual([UNSEEN, false]);
    expect(lostAtMs(UNSEEN, DEFAULT_PATIENCE)).toBeUndefined();
  });
});
