import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineError } from "@ts-tars/audio";
import { recorder, within } from "@ts-tars/harness";
import { createLog, SYSTEM_CLOCK } from "@ts-tars/service";
import { expect, onTestFinished, test } from "vitest";
import { joined, quiet, speak } from "../../speech.fixture.ts";
import { describeTranscriber } from "../../transcriber.conformance.ts";
import type { PartialReadings, Profile, Transcriber } from "../../transcriber.ts";
import { openPocketSphinx } from "./pocketsphinx.ts";

const MODEL_DIR = "/usr/share/pocketsphinx/model/en-us";
/** A partial is told of so much sound. */
const PARTIAL_SAMPLES = 1_600;
const PATIENT = { deadlineMs: 40_000 };

const log = createLog({ name: "test", level: "silent" });
const open = (options: { readonly modelDir?: string; readonly profile?: Profile } = {}): Transcriber =>
  openPocketSphinx({ modelDir: MODEL_DIR, profile: "full", clock: SYSTEM_CLOCK, log, ...options });

const question = async (): Promise<Int16Array> => joined(quiet(400), await speak("what time is it", "awb"), quiet(600));

describeTranscriber("pocketsphinx", async () => ({ transcriber: open(), speech: await question() }));

test("words have the times at which they were said, whatever silence the recogniser leaves out", async () => {
  await using decoder = open().open({ onUp: () => undefined, onDown: () => undefined, onGrammar: () => undefined });
  const spoken = await speak("what time is it", "awb");
  const firstLoudMs = spoken.findIndex((sample) => Math.abs(sample) > 1_000) / 16;

  for (const silenceMs of [400, 3_000]) {
    const utterance = decoder.begin({ onPartial: () => undefined, onBroken: () => undefined });
    const sound = joined(quiet(silenceMs), spoken, quiet(600));
    for (let at = 0; at < sound.length; at += 320) utterance.feed(sound.slice(at, at + 320));
    const { words } = await within(PATIENT.deadlineMs, utterance.finish());

    expect(words.map(({ word }) => word).join(" ")).toBe("what time is it");
    expect(Math.abs((words[0]?.startMs ?? 0) - silenceMs - firstLoudMs)).toBeLessThan(200);
  }
});

test("a missing model is told with the line that installs it, and found once it is there", async () => {
  const modelDir = await mkdtemp(join(tmpdir(), "stt-models-"));
  onTestFinished(() => rm(modelDir, { recursive: true }));
  const errors = recorder<EngineError>(({ message }) => message);
  const decoder = open({ modelDir }).open({ onUp: () => undefined, onDown: errors.push, onGrammar: () => undefined });
  const error = await errors.next(PATIENT);
  await decoder[Symbol.asyncDispose]();

  expect([error.message.includes(join(modelDir, "en-us")), error.remedy]).toEqual([
    true,
    "Install it: sudo apt-get install -y pocketsphinx-en-us, or set STT_MODEL_DIR to the folder that holds it.",
  ]);

  for (const name of ["en-us", "en-us.lm.bin", "cmudict-en-us.dict"])
    await symlink(join(MODEL_DIR, name), join(modelDir, name));
  const up = Promise.withResolvers<void>();
  await using _found = open({ modelDir }).open({
    onUp: () => up.resolve(),
    onDown: up.reject,
    onGrammar: () => undefined,
  });
  await within(PATIENT.deadlineMs, up.promise);
});

test("on a slow machine open speech is left out, and commands are still read", async () => {
  const up = Promise.withResolvers<Profile>();
  await using decoder = open({ profile: "grammar_only" }).open({
    onUp: ({ profile }) => up.resolve(profile),
    onDown: up.reject,
    onGrammar: () => undefined,
  });
  expect(await within(PATIENT.deadlineMs, up.promise)).toBe("grammar_only");
  decoder.useGrammar({
    version: "1",
    jsgf: "#JSGF V1.0;\ngrammar g;\npublic <c> = what time is it | stop;",
    words: [],
  });
  const utterance = decoder.begin({ onPartial: () => undefined, onBroken: () => undefined });
  utterance.feed(await question());

  expect(await within(PATIENT.deadlineMs, utterance.finish())).toMatchObject({
    open: undefined,
    command: { text: "what time is it" },
    words: [],
  });
});

test("a command that was said fits the sound nearly as well as any words do, one that was read into others far worse", async () => {
  await using decoder = open().open({ onUp: () => undefined, onDown: () => undefined, onGrammar: () => undefined });
  const jsgf = "#JSGF V1.0;\ngrammar g;\npublic <c> = what time is it | set a timer for (two | ten) minutes;";
  decoder.useGrammar({ version: "1", jsgf, words: [] });
  const lastPartialOf = async (text: string): Promise<PartialReadings> => {
    const partials = recorder<PartialReadings>();
    const utterance = decoder.begin({ onPartial: partials.push, onBroken: () => undefined });
    const sound = joined(quiet(400), await speak(text, "awb"), quiet(600));
    for (let at = 0; at < sound.length; at += 320) utterance.feed(sound.slice(at, at + 320));
    const last = (await partials.take(Math.floor(sound.length / PARTIAL_SAMPLES), PATIENT)).at(-1);
    utterance.drop();
    return last ?? { open: undefined, command: undefined };
  };

  const said = await lastPartialOf("set a timer for ten minutes");
  const readInto = await lastPartialOf("set the table for dinner");

  expect(said.command?.text).toBe("set a timer for ten minutes");
  expect(worseFit(said)).toBeLessThan(1);
  expect(worseFit(readInto)).toBeGreaterThan(3);
});

/** By how much the sound fits the command worse than the open reading, for each frame of the command's words. */
function worseFit({ open, command }: PartialReadings): number {
  if (open?.fit === undefined || command?.fit === undefined) return Number.NaN;
  return (open.fit.totalLog - command.fit.totalLog) / command.fit.wordFrameCount;
}

test("a grammar with a word that nobody knows is refused by name; with its pronunciation it is taken", async () => {
  const grammars = recorder<string>();
  await using decoder = open().open({
    onUp: () => undefined,
    onDown: () => undefined,
    onGrammar: (version, problem) => grammars.push(`${version}: ${problem ?? "taken"}`),
  });
  const jsgf = "#JSGF V1.0;\ngrammar g;\npublic <c> = hello tars | hello xqzzy;";
  decoder.useGrammar({ version: "1", jsgf, words: [{ word: "tars", phones: "T AA R Z" }] });
  expect(await grammars.next(PATIENT)).toBe("1: The dictionary does not know: xqzzy.");

  decoder.useGrammar({ version: "2", jsgf, words: [{ word: "xqzzy", phones: "K S IH Z IY" }] });
  expect(await grammars.next(PATIENT)).toBe("2: taken");
});
