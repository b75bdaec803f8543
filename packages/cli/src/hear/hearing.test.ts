import { expect, test } from "vitest";
import { failureOf, type Hearing, type HearingEvent, hearingAsJson, stagesOf, take, UNHEARD } from "./hearing.ts";

const heard = (...events: readonly HearingEvent[]): Hearing => events.reduce(take, UNHEARD);

const understood: HearingEvent = {
  type: "understood",
  final: { text: "what time is it", reason: "complete", endpoint_ms: 400, transcribe_ms: 20 },
};
const answered: HearingEvent = {
  type: "answered",
  answer: { text: "It is noon.", path: "intent", intent: "time", slots: {} },
};
const reported: HearingEvent = {
  type: "reported",
  report: { outcome: "answered", total_ms: 1_500, stages: [{ stage: "first_sound", at_ms: 520 }] },
};
const refused: HearingEvent = { type: "refused", refusal: { reason: "privacy", detail: "The microphone is off." } };

test("a question that was answered is told with everything that is known of it", () => {
  const all = heard({ type: "partly_heard", text: "what" }, understood, answered, reported);

  expect(hearingAsJson(all, { path: "a.wav", duration_ms: 900 })).toEqual({
    ok: true,
    transcript: "what time is it",
    intent: "time",
    slots: {},
    path: "intent",
    answer: "It is noon.",
    stages: { endpoint_ms: 400, transcribe_ms: 20, first_sound_at_ms: 520, total_ms: 1_500 },
    speech: { path: "a.wav", duration_ms: 900 },
  });
});

test("what was refused is told with the recogniser's own reason", () => {
  const all = heard(refused, { type: "answered", answer: { text: "I cannot hear.", path: "error" } });

  expect(failureOf(all)).toBe("The microphone is off.");
  expect(hearingAsJson(all, { path: null, duration_ms: 0 })).toMatchObject({
    ok: false,
    refused: "privacy",
    error: "The microphone is off.",
    speech: null,
  });
});

test("a refusal is forgotten when the next segment was understood", () => {
  expect(failureOf(heard({ type: "refused", refusal: { reason: "noise" } }, understood, answered, reported))).toBe(
    undefined,
  );
});

test("nothing at all is a failure in words, with no times", () => {
  expect(failureOf(UNHEARD)).toBe("No answer came.");
  expect(stagesOf(UNHEARD)).toEqual({});
});
