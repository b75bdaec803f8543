import { describe, expect, it } from "vitest";
import { BUILTIN_INTENTS } from "./builtin-intents.ts";
import { compileIntent, understand } from "./intents.ts";
import { parseTemplate } from "./template.ts";

const PHRASINGS: Readonly<Record<string, readonly string[]>> = {
  time: [
    ...[
      "what time is it",
      "What time is it?",
      "WHAT TIME IS IT!",
      "what's the time",
      "whats the time",
      "What’s the time?",
    ],
    ...["tell me the time", "do you have the time", "can you tell me what time it is", "what is the time please"],
    ...[
      "time please",
      "what time is it now",
      "what time is it right now",
      "what's the current time",
      "what time is it, please?",
    ],
    ...["could you please tell me the time", "could you tell me what time is it", "hey tars, what time is it?"],
    ...["hello, what time is it", "okay computer what is the time", "what time do you have", "have you got the time"],
    ...[
      "do you know what time it is",
      "do you know the time",
      "give me the time",
      "please tell me the time",
      "the time please",
    ],
    ...[
      "current time",
      "time",
      "how late is it",
      "what time is it at the moment",
      "excuse me, do you have the time, please?",
    ],
    ...[
      "i want to know what time it is",
      "I'd like to know the time",
      "what hour is it",
      "let me know what time it is",
    ],
    ...[
      "can i have the time",
      "would you tell me the time, thanks",
      "so what time is it",
      "what time is it thank you",
      "  what   time is it  ",
    ],
    ...["what is the exact time", "got the time?", "check the time", "tell me what time it is now", "what time it is"],
  ],
  date: [
    ...[
      "what's the date",
      "what is the date today",
      "what's today's date",
      "what day is it",
      "what day is today",
      "which day is it today",
    ],
    ...[
      "what is today",
      "tell me the date",
      "today's date please",
      "the date",
      "what day of the week is it",
      "what month is it",
    ],
    ...["what year is it", "do you know what day it is", "can you tell me today's date", "what date is it"],
  ],
  greeting: [
    ...[
      "hello",
      "Hi!",
      "hey",
      "hello there",
      "hi tars",
      "good morning",
      "Good evening, TARS.",
      "howdy",
      "hey robot",
      "hello again",
    ],
  ],
  identity: [
    ...[
      "who are you",
      "what are you?",
      "what's your name",
      "tell me your name",
      "who are you, robot?",
      "introduce yourself",
    ],
    ...[
      "do you have a name",
      "are you a robot",
      "tell me about yourself",
      "could you tell me your name please",
      "what should I call you",
    ],
  ],
  say: ["say hello world", "can you say cheese", "please say good night", "repeat after me all is well", "say yes"],
};

const TRAPS: readonly string[] = [
  ...[
    "do you know",
    "do you know the capital of France",
    "rainbow",
    "how does a rainbow form",
    "microwave",
    "stopwatch",
  ],
  ...[
    "is this a good idea",
    "turn off the light",
    "wave goodbye to your brother",
    "turn left at the next corner",
    "know",
  ],
  ...[
    "what time is it in Tokyo",
    "what time is the meeting",
    "what's the time complexity of quicksort",
    "time flies like an arrow",
  ],
  ...[
    "what time does the shop close",
    "what is time",
    "how much time is left",
    "tell me the time table",
    "what time was it then",
  ],
  ...[
    "do you have the time to help me",
    "the last time it rained",
    "what's the date of the moon landing",
    "what day is Christmas",
  ],
  ...[
    "which day is best for washing",
    "what year was Rome founded",
    "let us date",
    "who are you talking to",
    "what are you doing",
  ],
  ...[
    "who are your friends",
    "what is your name short for",
    "what's his name",
    "hello world in python please explain",
    "hi jack",
  ],
  ...[
    "high five",
    "hey jude lyrics",
    "good morning america was a film",
    "is this a good idea hi there maybe",
    "goodbye",
  ],
  ...[
    "they say it rains",
    "say",
    "say something",
    "say something in French",
    "say that again",
    "say it again",
    "what do you say",
  ],
  ...[
    "say what you mean",
    "essay writing tips",
    "",
    "   ",
    "?!",
    "the",
    "please",
    "thank you",
    "tars",
    "say it in French",
  ],
];

describe("the built-in intents", () => {
  it.each(Object.entries(PHRASINGS).flatMap(([name, texts]) => texts.map((text) => [name, text] as const)))(
    "find %s in %j",
    (name, text) => {
      expect(understand(text, BUILTIN_INTENTS)?.name).toBe(name);
    },
  );

  it.each(TRAPS)("find nothing in %j", (text) => {
    expect(understand(text, BUILTIN_INTENTS)).toBeUndefined();
  });

  it.each([
    ["say Hello, World!", "Hello, World!"],
    ["Please say: good NIGHT, dear.", "good NIGHT, dear."],
    ["can you say what's up doc", undefined],
    ["could you say it's three o'clock", "it's three o'clock"],
    ["repeat after me   all  is well", "all  is well"],
    ["say cheese please", "cheese"],
  ])("take the words of %j as they were written", (text, expected) => {
    expect(understand(text, BUILTIN_INTENTS)?.slots["text"]).toBe(expected);
  });

  it("match no question with one word too many", () => {
    const spoiled = (PHRASINGS["time"] ?? []).map((text) => `${text} zebra`);

    expect(spoiled.filter((text) => understand(text, BUILTIN_INTENTS) !== undefined)).toEqual([]);
  });

  it("read an utterance of ten thousand words without delay", () => {
    expect(understand(`say ${"no ".repeat(10_000)}zebra`, BUILTIN_INTENTS)?.name).toBe("say");
    expect(understand("what ".repeat(10_000), BUILTIN_INTENTS)).toBeUndefined();
  });
});

describe("a template", () => {
  it.each(["", "(a", "a)", "a]", "[a|]", "{Slot}", "a $ b", "(a]", "|a"])(
    "is refused by name when it is %j",
    (source) => {
      expect(() => parseTemplate(source)).toThrow(SyntaxError);
    },
  );

  it("reads nested choices and slots", () => {
    const intent = compileIntent({ name: "timer", templates: ["set [a] timer (for {time}|of {span} [long])"] });

    expect(understand("Set a timer for 5 minutes!", [intent])).toEqual({
      name: "timer",
      slots: { time: "5 minutes!" },
    });
    expect(understand("set timer of two hours long", [intent])).toEqual({
      name: "timer",
      slots: { span: "two hours" },
    });
    expect(understand("set a timer", [intent])).toBeUndefined();
  });
});
