import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recorder, until, within } from "@ts-tars/harness";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AudioSink } from "../audio-sink.ts";
import { samplesOfMs } from "../frame.ts";
import { startPulseServer } from "../pulse-server.fixture.ts";
import { findDevicePlayer, openDeviceSink } from "./device.ts";

const NO_SERVER = { PULSE_SERVER: "unix:/nowhere/native", ALSA_CONFIG_PATH: "/nowhere" };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "device-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A player made of shell. */
async function player(script: string): Promise<{ readonly command: string }> {
  const file = join(folder, "player");
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return { command: file };
}

function speak(sink: AudioSink, durationMs: number, signal = new AbortController().signal): Promise<void> {
  const pcm = new Int16Array(samplesOfMs(durationMs)).fill(1_000);
  const sound = { expectedMs: durationMs, pcm: inOne(pcm) };
  return sink.play(sound, { sayId: "b".repeat(32), signal, onStart: () => undefined });
}

async function* inOne(pcm: Int16Array): AsyncGenerator<Int16Array, void, undefined> {
  yield pcm;
}

describe("a machine without a loudspeaker", () => {
  test("is told so in one sentence, and what helps", async () => {
    await expect(findDevicePlayer({ env: NO_SERVER })).rejects.toMatchObject({
      code: "AUDIO_SINK",
      message: "No loudspeaker was found: no sound server answers, and there is no sound card.",
      remedy: expect.stringContaining("aplay -l"),
    });
  });

  test("is told how to get a player when there is none", async () => {
    await expect(findDevicePlayer({ env: { PATH: folder } })).rejects.toMatchObject({
      code: "AUDIO_SINK",
      remedy: "Install one: sudo apt install pulseaudio-utils alsa-utils",
    });
  });

  test("whose sound server has only a dummy is not said to sound", async () => {
    await using server = await startPulseServer();
    await server.pactl("unload-module", "module-null-sink");
    await server.pactl("load-module", "module-null-sink", "sink_name=auto_null");

    await expect(findDevicePlayer({ env: { ...server.env, PATH: await onlyPacat() } })).rejects.toMatchObject({
      message: "The sound server has no loudspeaker.",
    });
  });
});

/** A folder in which pacat is the only player. */
async function onlyPacat(): Promise<string> {
  await writeFile(join(folder, "pacat"), '#!/bin/sh\nexec /usr/bin/pacat "$@"\n');
  await chmod(join(folder, "pacat"), 0o755);
  return folder;
}

describe("a loudspeaker that vanishes", () => {
  test("fails the sentence with its cause, and is tried afresh with the next one", async () => {
    const marker = join(folder, "is-back");
    const works = await player(
      `[ -s ${marker} ] && exec cat >/dev/null; head -c 8000 >/dev/null; [ -t 0 ] || echo "Connection refused" >&2; exit 1`,
    );
    const sink = openDeviceSink({ clock: SYSTEM_CLOCK, ...works });
    await expect(speak(sink, 5_000)).rejects.toMatchObject({
      code: "AUDIO_SINK",
      message: expect.stringContaining("Connection refused"),
      remedy: expect.stringContaining("Start the sound server"),
    });

    await writeFile(marker, "yes");

    await speak(sink, 200);
    await sink.close();
  });

  test("in the middle of a sentence fails it, when the sound server dies", async () => {
    const server = await startPulseServer();
    const sink = openDeviceSink({ clock: SYSTEM_CLOCK, env: server.env });
    const events = recorder<string>();
    const sound = { expectedMs: 9_000, pcm: inOne(new Int16Array(samplesOfMs(9_000)).fill(1_000)) };
    const signal = new AbortController().signal;
    const playing = sink.play(sound, { sayId: "c".repeat(32), signal, onStart: () => events.push("started") });
    await events.next();

    const failed = expect(playing).rejects.toMatchObject({ code: "AUDIO_SINK" });
    await server[Symbol.asyncDispose]();

    await failed;
    await sink.close();
  });

  test("that takes nothing any more fails the sentence within seconds", async () => {
    const stuck = await player(
      `[ -s ${join(folder, "tried")} ] && { kill -STOP $$; }; echo 1 >${join(folder, "tried")}; cat >/dev/null`,
    );
    const sink = openDeviceSink({ clock: SYSTEM_CLOCK, ...stuck });

    await expect(speak(sink, 300)).rejects.toMatchObject({ message: "The loudspeaker takes no more sound." });
    await sink.close();
  });
});

describe("the player of a sentence", () => {
  test("is gone with all its children at a stop", async () => {
    const pidFile = join(folder, "pid");
    // When it is tried out it ends with its input; when it speaks it would go on for ever.
    const trial = `[ -e ${pidFile} ] || { echo trial >${pidFile}; exec cat >/dev/null; }`;
    const works = await player(`${trial}\nsleep 1000 & echo $! >${pidFile}; cat >/dev/null; wait`);
    const sink = openDeviceSink({ clock: SYSTEM_CLOCK, ...works });
    const cutter = new AbortController();
    const playing = speak(sink, 9_000, cutter.signal);
    await until(() => sink.positionMs > 0);

    cutter.abort(new Error("stop"));

    await expect(playing).rejects.toThrow("stop");
    await within(10_000, sink.close());
    const pid = Number(await readFile(pidFile, "utf8"));
    await until(() => !isAlive(pid));
  });

  test("that was started for nothing ends with the sink", async () => {
    await using server = await startPulseServer();
    const sink = openDeviceSink({ clock: SYSTEM_CLOCK, env: server.env });
    sink.prepare();
    await until(async () => (await server.pactl("list", "short", "sink-inputs")) !== "");

    await sink.close();

    await until(async () => (await server.pactl("list", "short", "sink-inputs")) === "");
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
