import { describe, expect, test } from "vitest";
import { believe, isBelievable } from "./command-check.ts";
import { densestDifference, phoneDistance } from "./phone-distance.ts";
import type { Reading } from "./transcriber.ts";

const phones = (text: string): readonly string[] => text.split(" ");
const reading = (text: string, sounds: string): Reading => ({ text, phones: sounds === "" ? [] : phones(sounds) });

const TIME = reading("what time is it", "W AH T T AY M IH Z IH T");
const STOP = reading("stop", "S T AA P");

test.for<[string, string, number]>([
  ["S T AA P", "S T AA P", 0],
  ["S T AA P", "S T AO P", 0.125],
  ["S T AA P", "T AA P", 0.25],
  ["S T AA P", "S K AA P", 0.25],
  ["S T AA P", "S P AH T", 0.625],
  ["T UW", "T EH N", 0.5],
])("the distance of %s and %s is %d", ([one, other, expected]) => {
  expect(phoneDistance(phones(one), phones(other))).toBe(expected);
  expect(phoneDistance(phones(other), phones(one))).toBe(expected);
});

test("a difference is as dense as its densest five steps", () => {
  expect(densestDifference(phones("S T AA P"), phones("S T AO P"))).toBe(0.5);
  expect(densestDifference(phones("B AH T K S L N"), phones("D AH T K S L M"))).toBe(1);
  expect(densestDifference(STOP.phones, [])).toBe(4);
  expect(densestDifference([], [])).toBe(0);
});

test("nothing and nothing are the same, nothing and something have nothing in common", () => {
  expect(phoneDistance([], [])).toBe(0);
  expect(phoneDistance([], STOP.phones)).toBe(1);
});

describe("a command is believed", () => {
  test("when the open reading sounds nearly like it", () => {
    const open = reading("what dime is it", "W AH T D AY M IH Z IH T");
    expect(believe({ open, command: TIME })).toBe(TIME);
  });

  test("when there is no open reading on this machine", () => {
    expect(believe({ open: undefined, command: TIME })).toBe(TIME);
  });

  test("never when something else was said that the grammar read into it", () => {
    const open = reading("set a timer for ten minutes", "S EH T AH T AY M ER F AO R T EH N M IH N AH T S");
    expect(believe({ open, command: STOP })).toBe(open);
    expect(isBelievable(STOP, reading("stop the music", "S T AA P DH AH M Y UW Z IH K"))).toBe(false);
  });

  test("when it differs a little in several places, but not as much in one", () => {
    const live = reading("live mode off", "L AY V M OW D AO F");
    const scattered = reading("will live mode off", "W IH L L AY V M OW D AO F");
    const see = reading("what do you see now", "W AH T D UW Y UW S IY N AW");
    const him = reading("what do you see in him", "W AH T D UW Y UW S IY IH N HH IH M");

    expect(phoneDistance(scattered.phones, live.phones)).toBeGreaterThan(phoneDistance(him.phones, see.phones));
    expect(isBelievable(live, scattered)).toBe(true);
    expect(isBelievable(see, him)).toBe(false);
  });

  test("never when nothing was understood openly, or the grammar read nothing", () => {
    const nothing = reading("", "");
    expect(believe({ open: nothing, command: STOP }).text).toBe("");
    expect(isBelievable(nothing, nothing)).toBe(false);
    expect(believe({ open: undefined, command: undefined }).text).toBe("");
  });
});
