import { describe, expect, it } from "vitest";
import { DEFAULT_PATIENCE, goneAtMs, type Peer, see, standingOf, UNSEEN, wait } from "./peer.ts";

const HERE: Peer = { kind: "here", boot: "b1", session: "s1", seenAtMs: 0 };
const BYE = { ok: false, boot: "b1", session: "s1" };

describe("a peer", () => {
  it("is counted on for 3 s after its goodbye, then gone", () => {
    const [missing, isLost] = see(HERE, BYE, 100);

    expect([standingOf(missing), isLost]).toEqual(["up", false]);
    expect(goneAtMs(missing, DEFAULT_PATIENCE)).toBe(3_100);
    expect(wait(missing, 3_099, DEFAULT_PATIENCE)).toEqual([missing, false]);
    expect(wait(missing, 3_100, DEFAULT_PATIENCE)).toEqual([{ kind: "gone", boot: "b1" }, true]);
  });

  it("that comes back in time has lost nothing", () => {
    const [missing] = see(HERE, BYE, 100);

    expect(see(missing, { ok: true, boot: "b1", session: "s2" }, 2_000)[1]).toBe(false);
  });

  it("that was restarted has lost what it had in hand, also when it was quick", () => {
    const [missing] = see(HERE, BYE, 100);

    expect(see(HERE, { ok: true, boot: "b2", session: "s2" }, 200)[1]).toBe(true);
    expect(see(missing, { ok: true, boot: "b2", session: "s2" }, 200)[1]).toBe(true);
  });

  it("is gone after 45 s of silence, and comes back without losing anything again", () => {
    const [gone, isLost] = wait(HERE, 45_000, DEFAULT_PATIENCE);

    expect([standingOf(gone), isLost]).toEqual(["down", true]);
    expect(wait(gone, 99_000, DEFAULT_PATIENCE)[1]).toBe(false);
    expect(see(gone, { ok: true, boot: "b2", session: "s2" }, 99_000)[1]).toBe(false);
  });

  it("is not gone by the last will of an earlier connection", () => {
    expect(see({ ...HERE, session: "s2" }, BYE, 10)[0].kind).toBe("here");
  });

  it("whose first sign is a goodbye is gone; one never seen is unseen", () => {
    expect(standingOf(see(UNSEEN, BYE, 10)[0])).toBe("down");
    expect(standingOf(UNSEEN)).toBe("unseen");
  });
});
