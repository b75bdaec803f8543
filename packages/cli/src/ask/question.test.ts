import { expect, test } from "vitest";
import { type Question, type QuestionEvent, step, UNASKED } from "./question.ts";

const healthy: QuestionEvent = { type: "health_heard", health: { ok: true, event: "ready" } };
const lost: QuestionEvent = { type: "health_heard", health: { ok: false, event: "lost" } };
const starting: QuestionEvent = { type: "health_heard", health: { ok: false, event: "starting" } };
const sentence = (text: string): QuestionEvent => ({
  type: "answer_heard",
  answer: { text, path: "llm", final: false },
  error: undefined,
});

/** All effects of a sequence of events, and the last state. */
function play(...events: readonly QuestionEvent[]) {
  let state: Question = UNASKED;
  const effects = events.flatMap((event) => {
    const [next, done] = step(state, event);
    state = next;
    return done;
  });
  return { state, effects };
}

test("the question is asked once, when the router is known to be healthy", () => {
  expect(play(healthy, healthy).effects).toEqual([{ do: "ask" }]);
});

test("sentences are printed as they come, and the final one ends with the whole text", () => {
  const final: QuestionEvent = {
    type: "answer_heard",
    answer: { text: "It is noon. Lunch?", path: "llm", final: true },
    error: undefined,
  };

  expect(play(healthy, sentence("It is noon."), sentence("Lunch?"), final).effects.slice(1)).toEqual([
    { do: "print", sentence: "It is noon." },
    { do: "print", sentence: "Lunch?" },
    {
      do: "finish",
      outcome: { kind: "answered", text: "It is noon. Lunch?", path: "llm", sentences: ["It is noon.", "Lunch?"] },
    },
  ]);
});

test("a router whose connection broke is missing at once, and the question is not sent", () => {
  const { effects } = play(lost);

  expect(effects).toEqual([{ do: "finish", outcome: { kind: "missing", why: expect.stringContaining("crashed") } }]);
});

test("a router that is starting is waited for, and missing when it takes too long", () => {
  expect(play(starting, healthy).effects).toEqual([{ do: "ask" }]);
  expect(play(starting, { type: "check_elapsed" }).state).toEqual({
    kind: "done",
    outcome: { kind: "missing", why: "it is still starting." },
  });
});

test("a router that never said anything is missing", () => {
  expect(play({ type: "check_elapsed" }).state).toMatchObject({ outcome: { kind: "missing" } });
});

test("a router that goes away after the question is missing, whatever it had answered so far", () => {
  expect(play(healthy, sentence("It is"), lost).state).toMatchObject({ outcome: { kind: "missing" } });
});

test.each(["error", "cancelled"] as const)("a final answer with the path %s is a failure with its reason", (path) => {
  const event: QuestionEvent = {
    type: "answer_heard",
    answer: { text: "I could not.", path, final: true, reason: "llm_timeout" },
    error: undefined,
  };

  expect(play(healthy, event).state).toMatchObject({ outcome: { kind: "failed", path, reason: "llm_timeout" } });
});

test("when the time is up without a final answer, the outcome is silence", () => {
  expect(play(healthy, sentence("It"), { type: "time_elapsed" }).state).toMatchObject({ outcome: { kind: "silent" } });
});

test("nothing changes an outcome", () => {
  const { state } = play(healthy, { type: "time_elapsed" });

  for (const event of [healthy, lost, sentence("late"), { type: "check_elapsed" } as const]) {
    expect(step(state, event)).toEqual([state, []]);
  }
});
