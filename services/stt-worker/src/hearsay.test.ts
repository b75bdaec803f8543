import { describe, expect, test } from "vitest";
import { type Hearsay, NOTHING_HEARD, weigh } from "./hearsay.ts";
import { readingsOf } from "./transcriber.fixture.ts";

const isComplete = (text: string): boolean => text === "stop" || text === "what time is it";
const after = (...partials: readonly [open: string, command?: string][]): Hearsay =>
  partials.reduce((before, [open, command]) => weigh(before, readingsOf(open, command), isComplete), NOTHING_HEARD);

describe("a command is complete", () => {
  test("when two partials in a row agree on the whole of it", () => {
    expect(after(["what time is it", "what time is it"]).hint).toBe("open");
    expect(after(["what time is a", "what time is it"], ["what time is it", "what time is it"]).hint).toBe("complete");
  });

  test("not when it changed meanwhile, or goes on", () => {
    expect(after(["stop", "stop"], ["what time is it", "what time is it"]).hint).toBe("open");
    expect(after(["stop", "stop"], ["stop", "stop"], ["stop the music", "stop"]).hint).toBe("open");
  });

  test("not when the grammar reads it into something else, or only the half of one", () => {
    expect(after(["how are you", "stop"], ["how are you", "stop"]).hint).toBe("open");
    expect(after(["what time is", "what time is"], ["what time is", "what time is"]).hint).toBe("open");
  });
});

test.for([
  ["set a timer for", "unfinished"],
  ["tell me about the", "unfinished"],
  ["turn on my", "unfinished"],
  ["um", "unfinished"],
  ["turn it on", "open"],
  ["what is that", "open"],
  ["I know where he is", "open"],
  ["", "open"],
])('"%s" is %s', ([text = "", hint]) => {
  expect(after([text]).hint).toBe(hint);
});

test("what is shown is the command where it is believed, else the open reading", () => {
  expect(after(["what time is a", "what time is it"]).text).toBe("what time is it");
  expect(after(["how are you", "stop"]).text).toBe("how are you");
});
