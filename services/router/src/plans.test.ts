import { describe, expect, it } from "vitest";
import { readBuiltinIntents } from "./builtin-intents.fixture.ts";
import { interpret, type Reading } from "./plans.ts";

const book = readBuiltinIntents();
const read = (text: string): Reading =>
  interpret(text, book, { time: "2:05 PM", robot: "Otto", part_of_day: "morning" });

describe("what follows from words", () => {
  it.each([
    ["set the volume to fifty percent", { kind: "set", ratio: 0.5 }],
    ["volume seven", { kind: "set", ratio: 0.7 }],
    ["volume 70", { kind: "set", ratio: 0.7 }],
    ["volume five percent", { kind: "set", ratio: 0.05 }],
    ["set the volume to 400 percent", { kind: "set", ratio: 1 }],
    ["set the volume to maximum", { kind: "set", ratio: 1 }],
    ["louder", { kind: "change", byRatio: 0.2 }],
    ["turn it down a little", { kind: "change", byRatio: -0.1 }],
    ["increase the volume by thirty percent", { kind: "change", byRatio: 0.3 }],
    ["mute yourself", { kind: "mute" }],
    ["unmute", { kind: "unmute" }],
  ])("for %j is an order to the loudspeaker", (text, order) => {
    expect(read(text).plan).toMatchObject({ do: "volume", order });
  });

  it.each([
    ["what time is it", "It is 2:05 PM."],
    ["who are you", "I am Otto, a voice robot."],
    ["hello", "Good morning. What can I do for you?"],
    ["say Hello, World!", "Hello, World!"],
    ["walk forward", "I cannot move yet."],
    ["what do you see", "I have no eyes yet."],
  ])("for %j is an answer", (text, answer) => {
    expect(read(text).plan).toEqual({ do: "answer", text: answer });
  });

  it.each([
    ["set a timer for ten minutes", { kind: "set", durationMs: 600_000 }],
    ["set a pasta timer for ten minutes", { kind: "set", durationMs: 600_000, name: "pasta" }],
    ["remind me in 2 minutes to feed the cat", { kind: "set", durationMs: 120_000, reminder: "feed the cat" }],
    ["cancel the pasta timer", { kind: "cancel", which: { name: "pasta" } }],
    ["cancel the ten minute timer", { kind: "cancel", which: { durationMs: 600_000 } }],
    ["cancel all timers", { kind: "cancel_all" }],
    ["how long is left", { kind: "left", which: {} }],
    ["list my timers", { kind: "list" }],
  ])("for %j is an order about timers", (text, order) => {
    expect(read(text).plan).toMatchObject({ do: "timer", order });
  });

  it.each([
    ["start live mode", true, "Live mode is on. I am listening."],
    ["stop listening", false, "Live mode is off."],
  ])("for %j is about live mode", (text, on, answer) => {
    expect(read(text).plan).toEqual({ do: "live", on, text: answer });
  });

  it.each([
    ["stop", "Stopped."],
    ["never mind", "Cancelled."],
    ["freeze", "I cannot move yet, so there is nothing to stop but my voice."],
  ])("for %j is the end of whatever runs", (text, shown) => {
    expect(read(text).plan).toEqual({ do: "stop", text: shown });
  });

  it("for what no intent accounts for is a question to the model, without a meaning", () => {
    expect(read("why is the sky blue")).toEqual({ meaning: undefined, plan: { do: "ask_model", hint: undefined } });
  });

  it("for a yes is a question to the model, with a hint and its meaning", () => {
    expect(read("yes please")).toMatchObject({
      meaning: { intent: "yes", slots: {} },
      plan: { do: "ask_model", hint: expect.stringMatching("agrees") },
    });
  });
});
