import { randomBytes } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import {
  earsOpen,
  encodeWav,
  msOfSamples,
  openRemoteSpeaker,
  parseWav,
  type RemoteSpeaker,
  sendSound,
} from "@ts-tars/audio";
import { turnCancel, turnListen } from "@ts-tars/contracts";
import type { Client } from "@ts-tars/mqtt";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { paintFor } from "../colour.ts";
import { type Context, sayJson, sayLine } from "../context.ts";
import { UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { HearingFollower } from "../hear/follow-hearing.ts";
import { failureOf, type Hearing, hearingAsJson, type Speech } from "../hear/hearing.ts";
import { hearingInLines } from "../hear/hearing-lines.ts";
import { type OnceOptions, withRobot } from "../once/with-robot.ts";
import { conductTurn } from "../turn/conduct-turn.ts";

/** Options of `tars hear`. */
export interface HearOptions extends OnceOptions {
  readonly speak: "auto" | "yes" | "no";
  readonly timeoutSec: number;
  /** How fast the file is spoken; 1 is real time. */
  readonly speed: number;
  /** Where the spoken answer to the one file goes; default: `<file>.answer.wav` in this folder. */
  readonly out?: string;
}

/** A question as a file. */
interface Question {
  readonly path: string;
  /** Int16Array, mono, 16 000 Hz. */
  readonly pcm: Int16Array;
}

/** What the command needs of the robot when it starts one. */
const NEEDS = ["router", "stt-worker", "tts-worker", "llm-worker"];

/** Who does not hear within this time does not hear: the sound is sent all the same, and the router says what is wrong. */
const OPENING_LIMIT_MS = 5_000;

/** Speaks each file to the robot as if somebody had said it, and prints what was understood and answered. */
export async function hear(context: Context, paths: readonly string[], options: HearOptions): Promise<ExitCode> {
  if (options.out !== undefined && paths.length > 1) {
    throw new UsageError(
      `--out names one file for the answers to ${paths.length}; without it each has a file of its own.`,
    );
  }
  // All of them before anything is started: a file that is none must not cost the others their answers.
  const questions = await Promise.all(paths.map((path) => readQuestion(path, context)));
  const hearings = await withRobot(context, { ...options, needs: NEEDS }, async (client) => {
    const all: Hearing[] = [];
    for (const question of questions) all.push(await hearOne(client, { context, question, options }));
    return all;
  });
  return hearings.every((hearing) => failureOf(hearing) === undefined) ? EXIT.ok : EXIT.failed;
}

/** @throws {UsageError} when it cannot be read. @throws {WavError} when it holds no sound that can be used. */
async function readQuestion(path: string, context: Context): Promise<Question> {
  try {
    // A pipe or a device need not ever end.
    if (!(await stat(path)).isFile()) throw new UsageError(`${path} is no file.`);
    const { pcm, isTruncated } = parseWav(await readFile(path));
    if (isTruncated) context.err(`tars: ${path} is shorter than its head says; what is there of it is heard.\n`);
    return { path, pcm };
  } catch (error) {
    const isSystems = error instanceof Error && "syscall" in error;
    if (isSystems) throw new UsageError(`${path} cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}

interface Asking {
  readonly context: Context;
  readonly question: Question;
  readonly options: HearOptions;
}

async function hearOne(client: Client, { context, question, options }: Asking): Promise<Hearing> {
  const siteId = `hear-${randomBytes(6).toString("hex")}`;
  const uttId = randomBytes(16).toString("hex");
  const captureId = randomBytes(8).toString("hex");
  const paint = paintFor(context);
  const follower = new HearingFollower(uttId, (text) => {
    if (options.json !== true) sayLine(context, paint.dim(`… ${text}`));
  });
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, context.stop]);
  await using speaker = openRemoteSpeaker({ client, siteId, clock: SYSTEM_CLOCK });
  await speaker.active;
  const speakIt = async (): Promise<void> => {
    await earsOpen(client, siteId, AbortSignal.any([signal, AbortSignal.timeout(OPENING_LIMIT_MS)]));
    const sound = { siteId, captureId, pcm: question.pcm, speed: options.speed, isFile: true };
    await sendSound(client, sound, { clock: SYSTEM_CLOCK, signal });
  };
  let speaking = Promise.resolve();
  try {
    await conductTurn(client, {
      listen: (tell) => follower.listen(client, tell),
      begin: () => {
        const order = { site_id: siteId, action: "start", utt_id: uttId } as const;
        client.publish(turnListen, { ...order, capture_id: captureId, from_sample: 0, speak: options.speak });
        speaking = speakIt();
        // It may fail before anybody waits for it.
        speaking.catch(() => undefined);
      },
      abandon: () => client.publish(turnCancel, { utt_id: uttId, reason: "tars hear was ended" }),
      isOpen: ({ site_id: site, asks }) => (site === siteId ? asks.includes(uttId) : undefined),
      print: () => undefined,
      timeoutSec: options.timeoutSec,
      stop: context.stop,
    });
  } finally {
    over.abort();
    await speaking;
  }
  tell({ context, question, options }, follower.hearing, await keep(speaker, question, options));
  return follower.hearing;
}

/** Writes what was spoken into a file; nothing spoken, no file. */
async function keep({ spoken }: RemoteSpeaker, { path }: Question, { out }: HearOptions): Promise<Speech> {
  const pcm = spoken.map((sentence) => sentence.pcm);
  const sampleCount = pcm.reduce((sum, { length }) => sum + length, 0);
  if (sampleCount === 0) return { path: null, duration_ms: 0 };
  const target = resolve(out ?? `${basename(path).replace(/\.wav$/iu, "")}.answer.wav`);
  await writeFile(target, encodeWav(pcm));
  return { path: target, duration_ms: Math.round(msOfSamples(sampleCount)) };
}

function tell({ context, question, options }: Asking, hearing: Hearing, speech: Speech): void {
  if (options.json === true) sayJson(context, { file: question.path, ...hearingAsJson(hearing, speech) });
  else for (const line of hearingInLines(hearing, speech)) sayLine(context, line);
}
