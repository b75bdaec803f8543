import { Alarm, type Clock, whenAborted } from "@ts-tars/service";
import type { AudioSource } from "../audio-source.ts";
import { mintCaptureId } from "../capture-id.ts";
import { AudioError, AudioSourceError } from "../errors.ts";
import { type AudioFrame, RATE_HZ } from "../frame.ts";
import { FrameQueue } from "../frame-queue.ts";
import { Framer } from "../pcm/framer.ts";
import { Resampler } from "../pcm/resampler.ts";
import { monoOf } from "../pcm/sample-format.ts";
import { WholeBlocks } from "../pcm/whole-blocks.ts";
import { type Program, type ProgramEnd, startProgram } from "../program/program.ts";
import { chooseRecording, type Recording } from "./choose-recording.ts";
import { holdersOfMicrophones } from "./device-holders.ts";
import { gatherFacts } from "./recording-facts.ts";
import { actualRateHz, explainEnd, isBusy, isFormatRefused } from "./recording-failure.ts";

/** Which microphone, and how it is recorded. */
export interface DeviceSourceOptions {
  readonly clock: Clock;
  /** A name of PulseAudio, or of ALSA (`hw:1,0`); default: what the machine takes for its microphone. */
  readonly device?: string;
  /** A command line of the user's own that writes raw 16-bit mono; `{rate}` and `{device}` are filled in. */
  readonly command?: string;
  /** Added to the environment of the programs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names each opening: 16 hex characters. */
  readonly mintCaptureId?: () => string;
  /** The folder that stands for /; for tests. */
  readonly root?: string;
}

/** PulseAudio may take 2 s to wake a sound card up; a microphone that is silent still gives samples. */
const SOUNDLESS_LIMIT_MS = 5_000;

/**
 * A microphone of this machine, recorded by a program that is killed when the reader leaves. Each opening looks anew for what there
 * is, so that what was connected or installed meanwhile is found.
 */
export function openDeviceSource(options: DeviceSourceOptions): AudioSource {
  return new DeviceSource(options);
}

class DeviceSource implements AudioSource {
  readonly name = "device";
  readonly #options: DeviceSourceOptions;
  #label: string;

  constructor(options: DeviceSourceOptions) {
    this.#options = options;
    this.#label = options.command ?? options.device ?? "the microphone";
  }

  /** Known better once it is open. */
  get label(): string {
    return this.#label;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<AudioFrame, void, undefined> {
    if (signal.aborted) return;
    const queue = new FrameQueue();
    const left = new AbortController();
    using _aborting = whenAborted(signal, () => queue.leave());
    const recording = this.#record(queue, AbortSignal.any([signal, left.signal]));
    try {
      yield* queue.read();
    } finally {
      left.abort();
      // When this returns the device is free again.
      await recording;
    }
  }

  /** Fills the queue until it is at its end; never rejects. */
  async #record(queue: FrameQueue, signal: AbortSignal): Promise<void> {
    const { env = {}, root = "/", device, command } = this.#options;
    try {
      const facts = await gatherFacts({ signal, env, root });
      const choice = chooseRecording(facts, { device, command });
      if (choice.kind === "none") throw new AudioSourceError(choice.message, choice.trouble);
      for (const [index, way] of choice.ways.entries()) {
        const isLast = index === choice.ways.length - 1;
        if ((await this.#tryWay(way, { queue, signal, isLast })) === "over") break;
      }
      queue.end();
    } catch (error) {
      queue.end(signal.aborted ? undefined : asSourceError(error));
    }
  }

  async #tryWay(way: Recording, { queue, signal, isLast }: Attempt): Promise<"over" | "refused"> {
    const env = { LC_ALL: "C", ...this.#options.env };
    await using program = await startProgram({ command: way.command, signal, pipes: ["stdout"], env });
    this.#label = way.label;
    const reading = await this.#read(program, { way, queue });
    const end = await program.ended;
    if (signal.aborted || isOrderly(end)) return "over";
    const { lastLines } = program;
    const mayTryAnother = !isLast && !reading.hadSound;
    if (mayTryAnother && (isFormatRefused(lastLines) || way.program === "sh")) return "refused";
    if (reading.isStuck) throw stuckError(way, reading);
    const holders = isBusy(lastLines) ? await holdersOfMicrophones(this.#options.root ?? "/") : [];
    const { message, trouble } = explainEnd({ recording: way, how: inWords(end), lastLines, holders, ...reading });
    throw new AudioSourceError(message, trouble);
  }

  async #read(
    program: Program,
    { way, queue }: { readonly way: Recording; readonly queue: FrameQueue },
  ): Promise<Reading> {
    const { clock } = this.#options;
    const framer = new Framer((this.#options.mintCaptureId ?? mintCaptureId)());
    const blocks = new WholeBlocks(2 * way.channelCount);
    let resampler: Resampler | undefined;
    let isStuck = false;
    const alarm = new Alarm(clock, () => {
      isStuck = true;
      program.kill();
    });
    const push = (pcm: Int16Array): void => {
      for (const frame of framer.push(pcm)) queue.push(frame);
    };
    alarm.set(clock.nowMs() + SOUNDLESS_LIMIT_MS);
    for await (const chunk of program.stdout) {
      alarm.set(clock.nowMs() + SOUNDLESS_LIMIT_MS);
      // What the program says of its rate it says before its first sample, on another pipe, which may be read a turn later.
      if (resampler === undefined) await nextTurn();
      resampler ??= new Resampler({ fromHz: actualRateHz(program.lastLines) ?? way.rateHz, toHz: RATE_HZ });
      push(resampler.push(monoOf(blocks.push(chunk), { format: "s16", channelCount: way.channelCount })));
    }
    if (resampler !== undefined) push(resampler.flush());
    const last = framer.flush();
    if (last !== undefined) queue.push(last);
    // Whoever has closed its output and lives on gives nothing either.
    await program.ended;
    alarm.set(undefined);
    return { hadSound: resampler !== undefined, isStuck };
  }
}

interface Attempt {
  readonly queue: FrameQueue;
  readonly signal: AbortSignal;
  readonly isLast: boolean;
}

interface Reading {
  readonly hadSound: boolean;
  readonly isStuck: boolean;
}

/** Everything that was there before this turn of the event loop has been read. */
async function nextTurn(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
}

/** A program that ends by itself, content, has come to the end of what it had. */
function isOrderly(end: ProgramEnd): boolean {
  return end.kind === "exited" && end.code === 0;
}

function inWords(end: ProgramEnd): string {
  if (end.kind === "exited") return `exit code ${end.code}`;
  return end.kind === "signalled" ? end.signal : "SIGKILL";
}

function stuckError({ label }: Recording, { hadSound }: Reading): AudioSourceError {
  const what = hadSound ? "has given nothing any more for 5 s" : "gives nothing";
  return new AudioSourceError(`The microphone ${label} is open and ${what}.`, {
    remedy: "Unplug it and connect it again, or set another device; it is tried again by itself.",
  });
}

function asSourceError(error: unknown): Error {
  if (error instanceof AudioSourceError) return error;
  if (error instanceof AudioError) return new AudioSourceError(error.message, { remedy: error.remedy, cause: error });
  return error instanceof Error ? error : new Error(String(error));
}
