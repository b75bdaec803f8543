import { expect, test } from "vitest";
import { type Suspicion, type SuspicionEvent, step, UNSUSPECTED } from "./poison.ts";

const endedAfter = (id: string, sinceSentMs = 10): SuspicionEvent => ({
  type: "ended",
  byPeer: true,
  head: { id, sinceSentMs },
});

/** The state after some events, and the messages set aside on the way. */
function after(events: readonly SuspicionEvent[]): { readonly state: Suspicion; readonly poison: readonly string[] } {
  const poison: string[] = [];
  let state = UNSUSPECTED;
  for (const event of events) {
    const [next, id] = step(state, event);
    state = next;
    if (id !== undefined) poison.push(id);
  }
  return { state, poison };
}

const times = (count: number, event: SuspicionEvent): readonly SuspicionEvent[] => Array(count).fill(event);

test("the third end soon after the same message makes it stand alone", () => {
  expect(after(times(2, endedAfter("m"))).state).toEqual({ kind: "suspect", id: "m", ends: 2 });
  expect(after(times(3, endedAfter("m"))).state).toEqual({ kind: "alone", id: "m", ends: 0 });
});

test("a message that stands alone is set aside at the third end more, and nothing is suspected any longer", () => {
  expect(after(times(5, endedAfter("m"))).poison).toEqual([]);
  expect(after(times(6, endedAfter("m")))).toEqual({ state: UNSUSPECTED, poison: ["m"] });
});

test.each([2, 3, 5])("a confirmation clears the suspicion after %i ends", (ends) => {
  expect(after([...times(ends, endedAfter("m")), { type: "confirmed", id: "m" }]).state).toEqual(UNSUSPECTED);
});

test("the confirmation of another message changes nothing", () => {
  const { state } = after(times(2, endedAfter("m")));

  expect(step(state, { type: "confirmed", id: "n" })).toEqual([state, undefined]);
});

test("another message at the head begins a suspicion of its own", () => {
  expect(after([...times(2, endedAfter("m")), endedAfter("n")]).state).toEqual({ kind: "suspect", id: "n", ends: 1 });
  expect(after([...times(4, endedAfter("m")), endedAfter("n")]).state).toEqual({ kind: "suspect", id: "n", ends: 1 });
});

test.each<{ readonly what: string; readonly event: SuspicionEvent }>([
  { what: "an end that came late after the message", event: endedAfter("m", 1_001) },
  { what: "an end of our own making", event: { type: "ended", byPeer: false, head: { id: "m", sinceSentMs: 10 } } },
  { what: "an end with nothing in flight", event: { type: "ended", byPeer: true, head: undefined } },
])("$what suspects nobody and clears what was suspected", ({ event }) => {
  expect(after([event])).toEqual({ state: UNSUSPECTED, poison: [] });
  expect(after([...times(2, endedAfter("m")), event]).state).toEqual(UNSUSPECTED);
});
