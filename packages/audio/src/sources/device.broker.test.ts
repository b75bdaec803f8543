import { constants, readdirSync, readFileSync } from "node:fs";
import { chmod, type FileHandle, mkdir, mkdtemp, open, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { manualClock, until, within } from "@ts-tars/harness";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { describe, expect, test } from "vitest";
import { describeAudioSource, rampFrom, type SourceUnderTest } from "../audio-source.conformance.ts";
import type { AudioSource } from "../audio-source.ts";
import { AudioSourceError } from "../errors.ts";
import type { AudioFrame } from "../frame.ts";
import { levelOf } from "../pcm/level.ts";
import { bytesOf } from "../pcm/sample-bytes.ts";
import { fitSine, sineOf } from "../pcm/sine.fixture.ts";
import { findProgram } from "../program/find-program.ts";
import { startProgram } from "../program/program.ts";
import { readProgram } from "../program/read-program.ts";
import { startPulseServer } from "../pulse-server.fixture.ts";
import { encodeWav } from "../wav/encode-wav.ts";
import { type DeviceSourceOptions, openDeviceSource } from "./device.ts";

/** Turns of the event loop in which what a pipe holds is read. */
const DRAIN_TURNS = 20;

interface Folder extends AsyncDisposable {
  readonly path: string;
  /** A program that this script is. */
  script(name: string, body: string): Promise<void>;
  put(file: string, content?: string): Promise<void>;
}

async function openFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "device-source-"));
  const put = async (file: string, content = ""): Promise<void> => {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), content);
  };
  return {
    path,
    put,
    script: async (name, body) => {
      await put(name, `#!/bin/sh\nPATH=/usr/bin:/bin\n${body}\n`);
      await chmod(join(path, name), 0o755);
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

const openDevice = (options: Partial<DeviceSourceOptions> = {}): AudioSource =>
  openDeviceSource({ clock: SYSTEM_CLOCK, ...options });

/** A microphone that is a pipe: what the test writes into it is heard. */
async function openUnderTest(): Promise<SourceUnderTest> {
  const folder = await openFolder();
  const fifo = join(folder.path, "fifo");
  await readProgram({ command: ["mkfifo", fifo], signal: new AbortController().signal, timeoutMs: 5_000 });
  let writer: FileHandle | undefined;
  let spoken = 0;
  const reader = (): string | undefined => processOf(`cat ${fifo}`);
  const handedOn = (): number => {
    const pid = reader();
    return pid === undefined ? 0 : Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
  };
  return {
    source: openDevice({ command: `exec cat ${fifo}` }),
    speak: async (sampleCount) => {
      writer ??= await open(fifo, constants.O_RDWR);
      await until(reader);
      await writer.write(bytesOf(rampFrom(spoken, sampleCount)));
      spoken += sampleCount;
      await until(() => handedOn() >= 2 * spoken);
      for (let turn = 0; turn < DRAIN_TURNS; turn += 1) await new Promise(setImmediate);
    },
    finish: async () => writer?.close().then(() => (writer = undefined)),
    renew: async () => {
      spoken = 0;
    },
    isHeld: () => reader() !== undefined,
    [Symbol.asyncDispose]: async () => {
      await writer?.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function processOf(command: string): string | undefined {
  return readdirSync("/proc").find((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim() === command;
    } catch {
      return false; // it ended meanwhile
    }
  });
}

describeAudioSource("device", openUnderTest);

async function readFrames(source: AudioSource, frameCount: number): Promise<readonly AudioFrame[]> {
  const frames: AudioFrame[] = [];
  for await (const frame of source.frames(new AbortController().signal)) {
    frames.push(frame);
    if (frames.length >= frameCount) break;
  }
  return frames;
}

async function failureOf(source: AudioSource): Promise<AudioSourceError> {
  try {
    await readFrames(source, 1);
  } catch (error) {
    if (error instanceof AudioSourceError) return error;
    throw error;
  }
  throw new Error("It gave sound.");
}

const joined = (frames: readonly AudioFrame[]): Int16Array => Int16Array.from(frames.flatMap(({ pcm }) => [...pcm]));

describe("a microphone of PulseAudio", () => {
  test("is recorded sample by sample, as it is played", async (context) => {
    context.skip((await findProgram("pulseaudio")) === undefined, "PulseAudio is not installed");
    await using server = await startPulseServer();
    await using folder = await openFolder();
    const tone = { frequencyHz: 440, rateHz: 16_000 };
    const file = join(folder.path, "tone.wav");
    await writeFile(file, encodeWav([sineOf(tone, { sampleCount: 320_000, amplitude: 8_000 })]));
    const source = openDevice({ device: server.monitor, env: server.env });
    const { signal } = new AbortController();
    await using _player = await startProgram({ command: ["paplay", file], signal, pipes: [], env: server.env });

    // A loudspeaker that nobody hears may be silent for some seconds before.
    const heard: AudioFrame[] = [];
    for await (const frame of source.frames(signal)) {
      if (heard.length > 0 || levelOf(frame.pcm).rmsDbfs > -20) heard.push(frame);
      if (heard.length >= 40) break;
    }

    const { amplitude, snrDb } = fitSine(joined(heard), tone, 1_600);
    expect(source.label).toBe(server.monitor);
    expect(amplitude).toBeGreaterThan(7_900);
    expect(amplitude).toBeLessThan(8_100);
    expect(snrDb).toBeGreaterThan(60);
  });

  test("that does not exist, or goes away, is told so", async (context) => {
    context.skip((await findProgram("pulseaudio")) === undefined, "PulseAudio is not installed");
    await using server = await startPulseServer();

    const missing = await failureOf(openDevice({ device: "kitchen", env: server.env }));
    expect(missing.message).toBe('There is no microphone "kitchen".');

    const source = openDevice({ device: server.monitor, env: server.env });
    const reading = (async () => {
      for await (const { sample } of source.frames(new AbortController().signal)) {
        if (sample === 0) await server[Symbol.asyncDispose]();
      }
    })();
    await expect(reading).rejects.toThrow("The connection to PulseAudio or PipeWire is gone.");
  });
});

/** A machine with these programs only, and one microphone. */
async function openMachine(): Promise<Folder & { readonly options: Partial<DeviceSourceOptions> }> {
  const folder = await openFolder();
  await folder.put("proc/asound/pcm", "01-00: USB Audio : USB Audio : playback 1 : capture 1\n");
  await folder.put("dev/snd/pcmC1D0c");
  const options = { root: folder.path, env: { PATH: folder.path } };
  return { ...folder, options };
}

describe("a microphone of ALSA", () => {
  test("that has only 48 000 Hz is resampled, as arecord's warning says", async () => {
    await using machine = await openMachine();
    const tone = { frequencyHz: 1_000, rateHz: 48_000 };
    await machine.put("tone", "");
    await writeFile(join(machine.path, "tone"), bytesOf(sineOf(tone, { sampleCount: 48_000 })));
    await machine.script(
      "arecord",
      `echo "Warning: rate is not accurate (requested = 16000Hz, got = 48000Hz)" >&2; cat ${machine.path}/tone`,
    );

    const source = openDevice(machine.options);
    const frames = await readFrames(source, 60);

    expect(source.label).toBe("USB Audio (hw:1,0)");
    expect(joined(frames).length).toBe(16_000);
    expect(fitSine(joined(frames), { ...tone, rateHz: 16_000 }, 800).snrDb).toBeGreaterThan(85);
  });

  test("that has only two channels is mixed down", async () => {
    await using machine = await openMachine();
    await writeFile(
      join(machine.path, "sound"),
      bytesOf(new Int16Array(9_600).map((_, n) => (n % 2 === 0 ? 100 : 300))),
    );
    await machine.script(
      "arecord",
      `case "$*" in *"-c 2"*) cat ${machine.path}/sound;; *) echo "Channels count non available" >&2; exit 1;; esac`,
    );

    const samples = joined(await readFrames(openDevice(machine.options), 99));

    expect(samples.length).toBe(1_600);
    expect(samples[800]).toBe(200);
  });

  test("that is in use is told with the program that has it", async () => {
    await using machine = await openMachine();
    await machine.script("arecord", 'echo "arecord: main:831: audio open error: Device or resource busy" >&2; exit 1');
    await machine.put("proc/812/comm", "pulseaudio\n");
    await mkdir(join(machine.path, "proc/812/fd"));
    await symlink("/dev/snd/pcmC1D0c", join(machine.path, "proc/812/fd/7"));

    expect(await failureOf(openDevice(machine.options))).toMatchObject({
      code: "AUDIO_SOURCE",
      message: "The microphone USB Audio (hw:1,0) is in use by pulseaudio (812).",
    });
  });

  test("is named when there is no program to record it with", async () => {
    await using machine = await openMachine();

    expect((await failureOf(openDevice(machine.options))).remedy).toContain("sudo apt install");
  });

  test("that is not there is told so, on this machine as it is", async (context) => {
    context.skip((await findProgram("arecord")) === undefined, "arecord is not installed");
    await using folder = await openFolder();
    const env = { XDG_RUNTIME_DIR: folder.path, PULSE_SERVER: `unix:${folder.path}/none` };

    const { message, remedy } = await failureOf(openDevice({ device: "hw:31,0", env, root: folder.path }));

    expect(message).toBe('There is no microphone "hw:31,0".');
    expect(remedy).toContain("arecord -l");
  });
});

describe("a microphone that is a command line", () => {
  test("is tried at 48 000 Hz where it cannot do 16 000", async () => {
    await using folder = await openFolder();
    await writeFile(join(folder.path, "sound"), bytesOf(new Int16Array(4_800).fill(500)));
    await folder.script("rec", `[ "$1" = 48000 ] && exec cat ${folder.path}/sound; exit 1`);

    const samples = joined(await readFrames(openDevice({ command: `${folder.path}/rec {rate}` }), 99));

    expect(samples.length).toBe(1_600);
    expect(samples[800]).toBe(500);
  });

  test("that fails is told with its last words", async () => {
    const { message, remedy } = await failureOf(openDevice({ command: "echo no card >&2; exit 3" }));

    expect(message).toBe("sh ended with exit code 3: no card");
    expect(remedy).toContain("terminal");
  });

  test("that gives nothing is given up after its time, and ended", async () => {
    const clock = manualClock();
    const failing = failureOf(openDevice({ command: `exec sleep 1000.${process.pid}`, clock }));
    await until(() => clock.pendingCount > 0);

    await clock.advance(5_000);

    expect((await failing).message).toContain("is open and gives nothing.");
    expect(processOf(`sleep 1000.${process.pid}`)).toBeUndefined();
  });

  test("that closes its output and lives on is ended, and its sound is over", async () => {
    const clock = manualClock();
    const command = `head -c 6400 /dev/zero; exec sleep 2000.${process.pid} >&-`;
    let heardCount = 0;
    const over = (async () => {
      for await (const _frame of openDevice({ command, clock }).frames(new AbortController().signal)) heardCount += 1;
    })().catch((error: unknown) => String(error));
    await until(() => heardCount === 10);
    await until(() => processOf(`sleep 2000.${process.pid}`) !== undefined);

    await clock.advance(5_000);

    expect(await within(5_000, over)).toContain("has given nothing any more for 5 s.");
    expect(processOf(`sleep 2000.${process.pid}`)).toBeUndefined();
  });
});
