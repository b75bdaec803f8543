/** What the voice bench says: commands that are answered here and aloud, and sentences with a human pause in them. */
import { samplesOfMs } from "@ts-tars/audio";
import { drawManner, speak, VOICES } from "../../tools/speech/flite.ts";
import type { Random } from "../../tools/speech/random.ts";
import { joinSounds, speechSpan } from "../../tools/speech/sound.ts";
import type { Utterance } from "./spoken-turn.ts";

/** Quiet before and behind the speech, in ms: the longest wait for an end is 1.2 s. */
const LEAD_MS = 300;
const TAIL_MS = 1_800;

/** Answered by the router itself, in one short sentence. */
const LOCAL_COMMANDS = [
  "what time is it",
  "what is the time",
  "tell me the time please",
  "what day is it today",
  "what is the date",
  "who are you",
  "what is your name",
  "what can you do",
  "hello there",
  "good morning",
  "thank you",
];

/** Where a sentence pauses, and what it is. */
export type Pause = "after_opener" | "elsewhere" | "after_um";

/** First part, second part. None of the first parts is a command by itself. */
const PAUSED: Readonly<Record<Pause, readonly (readonly [string, string])[]>> = {
  after_opener: [
    ["set a timer for", "ten minutes"],
    ["tell me a story about the", "old lighthouse"],
    ["how do i get to", "the railway station"],
    ["i would like some bread and", "a glass of milk"],
    ["where did i put my", "winter coat"],
    ["remind me to call the", "doctor tomorrow"],
    ["what is the capital of", "portugal"],
    ["is there a train to", "london this evening"],
  ],
  elsewhere: [
    ["could you explain", "how a rocket works"],
    ["tell me something interesting", "about old castles"],
    ["i wonder how long", "elephants live"],
    ["do you know why", "leaves turn red"],
    ["my sister wants to know", "when the shop opens"],
    ["please find out", "who painted that picture"],
    ["how many people", "live in this city"],
    ["which animals", "sleep in winter"],
  ],
  after_um: [
    ["i would like to know um", "how tall that mountain is"],
    ["can you tell me um", "something about whales"],
    ["what was the um", "name of that river"],
  ],
};

/** How long people pause there, in ms: 04, rule 3. */
const PAUSE_MS: Readonly<Record<Pause, readonly [number, number]>> = {
  after_opener: [600, 1_100],
  elsewhere: [300, 600],
  after_um: [600, 1_100],
};

/** Where sounds are made. */
export interface Studio {
  readonly random: Random;
  /** A path that nobody else uses. */
  readonly scratch: () => string;
}

const quiet = (durationMs: number): Int16Array => new Int16Array(samplesOfMs(durationMs));

/** A command in one of three voices. */
export async function drawCommandUtterance({ random, scratch }: Studio): Promise<Utterance> {
  const text = random.pick(LOCAL_COMMANDS);
  const speech = trimmed(await speak(text, drawManner(random.pick(VOICES), random), scratch()));
  return { text, pcm: joinSounds([quiet(LEAD_MS), speech, quiet(TAIL_MS)]) };
}

/** A sentence with a pause in it, of the length that people make there. */
export async function drawPausedUtterance(pause: Pause, { random, scratch }: Studio): Promise<Utterance> {
  const [first, second] = random.pick(PAUSED[pause]);
  const manner = drawManner(random.pick(VOICES), random);
  const parts = [await speak(first, manner, scratch()), await speak(second, manner, scratch())].map(trimmed);
  const [before = quiet(0), behind = quiet(0)] = parts;
  const pauseMs = random.between(...PAUSE_MS[pause]);
  return {
    text: `${first} ${second}`,
    pcm: joinSounds([quiet(LEAD_MS), before, quiet(pauseMs), behind, quiet(TAIL_MS)]),
  };
}

/** Without what is silent around the speech. */
function trimmed(pcm: Int16Array): Int16Array {
  const { from, to } = speechSpan(pcm);
  return pcm.subarray(from, to);
}
