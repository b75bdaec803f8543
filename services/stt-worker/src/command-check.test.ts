import { describe, expect, test } from "vitest";
import { believe, isBelievable } from "./command-check.ts";
import { phoneDistance } from "./phone-distance.ts";
import type { Fit, Reading } from "./transcriber.ts";

const phones = (text: string): readonly string[] => text.split(" ");
const reading = (text: string, sounds: string): Reading => ({ text, phones: sounds === "" ? [] : phones(sounds) });

const FIT: Fit = { totalLog: -600, wordFrameCount: 100, worstWordLog: -6 };

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

  describe("by the sound, when noise made other words of it", () => {
    const thanks = reading("thank you so much", "TH AE NG K Y UW S OW M AH CH");
    const misheard = reading("and the sound on", "AE N D DH AH S AW N D AO N");
    const isTaken = (command: Partial<Fit>, open: Partial<Fit>): boolean =>
      isBelievable({ ...thanks, fit: { ...FIT, ...command } }, { ...misheard, fit: { ...FIT, ...open } });

    test("when it fits the command nearly as well as those", () => {
      expect(isTaken({ totalLog: -700 }, { totalLog: -511 })).toBe(true);
      expect(isTaken({ totalLog: -700 }, { totalLog: -509 })).toBe(false);
    });

    test("but not when one of its words does not fit at all", () => {
      expect(isTaken({ worstWordLog: -8.6 }, {})).toBe(true);
      expect(isTaken({ worstWordLog: -8.8 }, {})).toBe(false);
    });

    test("nor when the engine cannot tell", () => {
      expect(isBelievable({ ...thanks, fit: FIT }, misheard)).toBe(false);
      expect(isBelievable(thanks, { ...misheard, fit: FIT })).toBe(false);
    });
  });

  test("never when nothing was understood openly, or the grammar read nothing", () => {
    const nothing = reading("", "");
    expect(believe({ open: nothing, command: STOP }).text).toBe("");
    expect(isBelievable(nothing, nothing)).toBe(false);
    expect(believe({ open: undefined, command: undefined }).text).toBe("");
  });
});
