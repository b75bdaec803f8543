import { describe, expect, test } from "vitest";
import { isEcho } from "./echo.ts";
import { type Candidate, judge } from "./transcript-filter.ts";

const HEARD: Omit<Candidate, "text"> = { speechMs: 900, overFloorDb: 30, spoken: "" };

const reasonOf = (text: string, more: Partial<Candidate> = {}): string => {
  const verdict = judge({ ...HEARD, text, ...more });
  return verdict.isAccepted ? "accepted" : verdict.reason;
};

describe("what the reference refused by mistake is accepted", () => {
  test.for([
    ...["yes", "no", "stop", "cancel", "okay", "hi", "go", "red"],
    ...["thank you", "hello", "thanks for watching"],
    ...["Tell me about black holes", "Who wrote Hamlet", "Dim kitchen lamps", "play Björk"],
    ...["mach das Licht an", "quelle heure est-il", "何時ですか", "сколько времени"],
    ...["Xzqrth", "tars", "Llywelyn", "mhm", "uh huh", "7", "two plus two"],
    ...["no no no", "stop stop stop stop", "the who", "a b c"],
  ])('"%s", however short, quiet or foreign', (text) => {
    expect(reasonOf(text)).toBe("accepted");
    expect(reasonOf(text, { speechMs: 120, overFloorDb: 7 })).toBe("accepted");
  });

  test("who says the same thing again within seconds was not understood, and is heard again", () => {
    expect([reasonOf("turn on the light"), reasonOf("turn on the light")]).toEqual(["accepted", "accepted"]);
  });
});

describe("what is refused says why", () => {
  test.for<[string, string, Partial<Candidate>]>([
    ["a click", "too_short", { text: "", speechMs: 60 }],
    ["a click that the recogniser made a word of", "too_short", { text: "it", speechMs: 60 }],
    ["a fan", "noise", { text: "", overFloorDb: 5 }],
    ["a cough", "unclear", { text: "" }],
    ["somebody who thinks", "unclear", { text: "um uh hmm" }],
    ["markup of noises only", "unclear", { text: "[...] <>" }],
    ["a recogniser in noise", "repeat", { text: "the the the the" }],
    [
      "the robot's own answer",
      "echo",
      { text: "the next train leaves at nine", spoken: "The next train leaves at nine." },
    ],
  ])("%s is %s", ([, reason, candidate]) => {
    expect(reasonOf(candidate.text ?? "", candidate)).toBe(reason);
  });

  test("nothing passes because the recogniser is sure: confidence is not asked", () => {
    expect(reasonOf("the the the", { overFloorDb: 60, speechMs: 5_000 })).toBe("repeat");
  });
});

describe("an echo", () => {
  const ANSWER = "It is half past nine. The next train to the harbour leaves in twelve minutes, from platform two.";

  test("is looked for in the whole answer, not in its last sentence only", () => {
    expect(isEcho("it is half past nine", ANSWER)).toBe(true);
    expect(isEcho("the next train to the harbour leaves", ANSWER)).toBe(true);
    expect(isEcho("from platform two", ANSWER)).toBe(true);
  });

  test("is known when the recogniser got a word of it wrong, or missed some", () => {
    expect(isEcho("the next rain to the harbour leaves in twelve minutes", ANSWER)).toBe(true);
    expect(isEcho("train to harbour leaves in minutes", ANSWER)).toBe(true);
  });

  test.for([
    "yes",
    "platform two",
    "when does the next train leave",
    "and from which platform does it leave",
    "remind me in twelve minutes",
    "set a timer for twelve minutes",
    "stop",
  ])('is not "%s": people answer with the words they have just heard', (answer) => {
    expect(isEcho(answer, ANSWER)).toBe(false);
  });

  test("is nothing when nothing was spoken", () => {
    expect(isEcho("what time is it", "")).toBe(false);
  });
});
