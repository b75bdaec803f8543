import { expect, test } from "vitest";
import { step, type Turn, type TurnEvent, UNBEGUN } from "./turn.ts";

const healthy: TurnEvent = { type: "health_heard", health: { ok: true, event: "ready" } };
const lost: TurnEvent = { type: "health_heard", health: { ok: false, event: "lost" } };
const starting: TurnEvent = { type: "health_heard", health: { ok: false, event: "starting" } };
const sentence = (text: string): TurnEvent => ({ type: "sentence_heard", text });
const ended = (text: string, failure?: string): TurnEvent => ({ type: "ended", text, path: "llm", failure });

/** All effects of a sequence of events, and the last state. */
function play(...events: readonly TurnEvent[]) {
  let state: Turn = UNBEGUN;
  const effects = events.flatMap((event) => {
    const [next, done] = step(state, event);
    state = next;
    return done;
  });
  return { state, effects };
}

test("the turn is begun once, when the router is known to be healthy", () => {
  expect(play(healthy, healthy).effects).toEqual([{ do: "begin" }]);
});

test("sentences are printed as they come, and the end has the whole text", () => {
  const { effects } = play(healthy, sentence("It is noon."), sentence("Lunch?"), ended("It is noon. Lunch?"));

  expect(effects.slice(1)).toEqual([
    { do: "print", sentence: "It is noon." },
    { do: "print", sentence: "Lunch?" },
    {
      do: "finish",
      outcome: { kind: "finished", text: "It is noon. Lunch?", path: "llm", sentences: ["It is noon.", "Lunch?"] },
    },
  ]);
});

test("a router whose connection broke is missing at once, and the turn is not begun", () => {
  const { effects } = play(lost);

  expect(effects).toEqual([{ do: "finish", outcome: { kind: "missing", why: expect.stringContaining("crashed") } }]);
});

test("a router that is starting is waited for, and missing when it takes too long", () => {
  expect(play(starting, healthy).effects).toEqual([{ do: "begin" }]);
  expect(play(starting, { type: "check_elapsed" }).state).toEqual({
    kind: "done",
    outcome: { kind: "missing", why: "it is still starting." },
  });
});

test("a router that never said anything is missing", () => {
  expect(play({ type: "check_elapsed" }).state).toMatchObject({ outcome: { kind: "missing" } });
});

test("a router that goes away after the beginning is missing, whatever had come so far", () => {
  expect(play(healthy, sentence("It is"), lost).state).toMatchObject({ outcome: { kind: "missing" } });
});

test("a turn that fails ends with the reason", () => {
  expect(play(healthy, sentence("I"), ended("I could not.", "llm_timeout")).state).toMatchObject({
    outcome: { kind: "failed", text: "I could not.", sentences: ["I"], reason: "llm_timeout" },
  });
});

test("when the time is up before the end, the outcome is silence", () => {
  expect(play(healthy, sentence("It"), { type: "time_elapsed" }).state).toMatchObject({ outcome: { kind: "silent" } });
});

test("what is heard before the beginning belongs to no turn of ours", () => {
  expect(play(sentence("It"), ended("It")).effects).toEqual([]);
});

test("a turn that the router's state does not name is doubted, once, until it is named or the doubt has lasted", () => {
  const away: TurnEvent = { type: "state_heard", isOpen: false };
  const there: TurnEvent = { type: "state_heard", isOpen: true };

  expect(play(healthy, { type: "sight_lost" }, away, there, there, away).effects.slice(1)).toEqual([
    { do: "doubt" },
    { do: "trust" },
    { do: "doubt" },
  ]);
  expect(play(healthy, away, { type: "doubt_elapsed" }).state).toMatchObject({
    outcome: { kind: "failed", reason: expect.stringContaining("was lost") },
  });
  expect(play({ type: "sight_lost" }, away).effects).toEqual([]);
});

test("nothing changes an outcome", () => {
  const { state } = play(healthy, { type: "time_elapsed" });

  for (const event of [healthy, lost, sentence("late"), ended("late"), { type: "check_elapsed" } as const]) {
    expect(step(state, event)).toEqual([state, []]);
  }
});
