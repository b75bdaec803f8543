import { describe, expect, it } from "vitest";
import { type Arbitration, type Call, callsDueAtMs, decideCalls, hearCall, QUIET } from "./arbitration.ts";

const call = (siteId: string, overFloorDb?: number): Call => ({
  ...{ siteId, overFloorDb, captureId: undefined, fromSample: undefined },
});

/** Calls that come one after the other, where several sites are awake. */
function gather(...calls: readonly Call[]): Arbitration {
  return calls.reduce<Arbitration>((state, one) => hearCall(state, one, { atMs: 1_000, isAlone: false })[0], QUIET);
}

const answering = (state: Arbitration): string | undefined => decideCalls(state, 1_150)[1]?.answering.siteId;

describe("a wake phrase", () => {
  it("that nobody else can have heard is answered at once", () => {
    const only = call("kitchen", 3);

    expect(hearCall(QUIET, only, { atMs: 1_000, isAlone: true })).toEqual([QUIET, { answering: only, others: [] }]);
  });

  it("where others are awake is decided 150 ms after the first heard it, and not before", () => {
    const state = gather(call("kitchen"));

    expect(callsDueAtMs(state)).toBe(1_150);
    expect(decideCalls(state, 1_149)).toEqual([state, undefined]);
    expect(answering(state)).toBe("kitchen");
  });

  it.each<[string, readonly Call[]]>([
    ["the second of three", [call("kitchen", 3), call("hall", 14), call("attic", 13.9)]],
    ["also below the noise", [call("hall", -2), call("attic", -3)]],
    ["the first at a draw", [call("hall", 5), call("attic", 5)]],
    ["any that is known", [call("kitchen"), call("hall", -20)]],
    ["the first where none is known", [call("hall"), call("attic")]],
  ])("is answered where it stands farthest over the noise: %s", (_which, calls) => {
    const state = gather(...calls);

    expect(answering(state)).toBe("hall");
    expect(decideCalls(state, 1_150)[1]?.others.map(({ siteId }) => siteId)).toEqual(
      calls.map(({ siteId }) => siteId).filter((siteId) => siteId !== "hall"),
    );
  });

  it("that one site hears twice counts as it was heard last", () => {
    const state = gather(call("kitchen", 20), call("hall", 10), call("kitchen", 5));

    expect(answering(state)).toBe("hall");
  });

  it("is over when it is decided: the next one begins anew", () => {
    const [state] = decideCalls(gather(call("kitchen", 1)), 1_150);

    expect([state, callsDueAtMs(state), decideCalls(state, 9_999)[1]]).toEqual([QUIET, undefined, undefined]);
  });
});
