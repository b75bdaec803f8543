/** What a loudspeaker that nobody hears really played: recorded from its monitor, sample by sample. */
import { until } from "@ts-tars/harness";
import { msOfSamples, samplesOfMs } from "../frame.ts";
import { SampleReader } from "../pcm/sample-bytes.ts";
import { startProgram } from "../program/program.ts";
import type { PulseServer } from "../pulse-server.fixture.ts";

/** Every millisecond of it has a value of its own, so that each recorded sample tells its place: 4 s at most. */
export function rulerSound(durationMs: number): Int16Array {
  return new Int16Array(samplesOfMs(durationMs)).map((_, index) => VALUE_PER_MS * (1 + Math.floor(msOfSamples(index))));
}

const VALUE_PER_MS = 8;

export interface MonitorRecording extends AsyncDisposable {
  /** Everything so far. */
  readonly heard: Int16Array;
  /** The place in the ruler sound of the last sample that was no silence, in ms; 0 before any. */
  readonly placeMs: number;
  /** When the first, and the last, sample that was no silence arrived, on the monotonic clock. */
  readonly firstSoundAtMs: number | undefined;
  readonly lastSoundAtMs: number | undefined;
  /** Resolves when nothing has been heard for so long. */
  untilSilentFor(durationMs: number): Promise<void>;
  /** Resolves when so much of the ruler sound has been heard. */
  untilPlace(placeMs: number): Promise<void>;
  /** Forgets what was heard. */
  clear(): void;
}

/** Resolves when sound arrives from the monitor. */
export async function recordMonitor({ env, monitor }: PulseServer): Promise<MonitorRecording> {
  const owner = new AbortController();
  const program = await startProgram({
    command: [
      ...(["parec", `--device=${monitor}`, "--raw", "--rate=16000", "--channels=1", "--format=s16le"] as const),
      "--latency-msec=20",
    ],
    signal: owner.signal,
    pipes: ["stdout"],
    env,
  });
  const recording = new Recording(program.stdout);
  await until(() => recording.hasBegun, { describe: () => `parec records nothing: ${program.lastLines.join(" ")}` });
  return Object.assign(recording, {
    [Symbol.asyncDispose]: async () => {
      owner.abort();
      await program.ended;
    },
  });
}

class Recording {
  hasBegun = false;
  firstSoundAtMs: number | undefined;
  lastSoundAtMs: number | undefined;
  placeMs = 0;
  #chunks: Int16Array[] = [];
  #silentSamples = 0;

  constructor(stdout: AsyncIterable<Buffer>) {
    void this.#read(stdout);
  }

  get heard(): Int16Array {
    return Int16Array.from(this.#chunks.flatMap((chunk) => [...chunk]));
  }

  async untilSilentFor(durationMs: number): Promise<void> {
    await until(() => msOfSamples(this.#silentSamples) >= durationMs);
  }

  async untilPlace(placeMs: number): Promise<void> {
    await until(() => this.placeMs >= placeMs, { describe: () => `${this.placeMs} ms of ${placeMs} ms were heard` });
  }

  clear(): void {
    this.#chunks = [];
    this.placeMs = 0;
    this.firstSoundAtMs = undefined;
    this.lastSoundAtMs = undefined;
  }

  async #read(stdout: AsyncIterable<Buffer>): Promise<void> {
    const reader = new SampleReader();
    for await (const bytes of stdout) this.#add(reader.push(bytes), performance.now());
  }

  /** The last sample of a chunk is of now. */
  #add(pcm: Int16Array, nowMs: number): void {
    this.hasBegun = true;
    this.#chunks.push(pcm);
    const last = pcm.findLastIndex((value) => value !== 0);
    this.#silentSamples = last < 0 ? this.#silentSamples + pcm.length : pcm.length - 1 - last;
    if (last < 0) return;
    const first = pcm.findIndex((value) => value !== 0);
    this.firstSoundAtMs ??= nowMs - msOfSamples(pcm.length - first);
    this.lastSoundAtMs = nowMs - msOfSamples(pcm.length - 1 - last);
    this.placeMs = Math.max(this.placeMs, (pcm[last] ?? 0) / VALUE_PER_MS);
  }
}
