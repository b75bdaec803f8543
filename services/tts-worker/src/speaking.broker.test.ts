import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openFanoutSource, openRemoteSpeaker, parseWav, samplesOf } from "@ts-tars/audio";
import { soundIdOf, ttsControl } from "@ts-tars/contracts";
import { recorder, until } from "@ts-tars/harness";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { describe, expect, test } from "vitest";
import { id, openServiceStage, type ServiceStage } from "./service-stage.fixture.ts";
import { collected } from "./speech-engine.conformance.ts";
import { openEspeakNg } from "./speech-engines/espeak-ng.ts";
import { openFlite } from "./speech-engines/flite.ts";

const OPTIONS = { voice: undefined, lang: "en", signal: new AbortController().signal };

/** What flite makes of it, by itself. */
async function fliteSays(text: string): Promise<Int16Array> {
  const { pcm } = await openFlite({ clock: SYSTEM_CLOCK, voice: "slt" }).synthesize(text, OPTIONS);
  return collected(pcm);
}

const intoFile = (engine: string) => (folder: string) => ({
  ...{ TTS_ENGINE: engine, TTS_SINK: "wav", TTS_FILE: join(folder, "spoken.wav"), TTS_FILE_PACE: "at_once" },
});

const spokenInto = async ({ folder }: ServiceStage): Promise<Int16Array> =>
  parseWav(await readFile(join(folder, "spoken.wav"))).pcm;

describe("a sentence that is spoken into a file", () => {
  test("is there as flite makes it, and its status says how long it took", async () => {
    await using stage = await openServiceStage(intoFile("flite"));

    const end = await stage.untilEnd(stage.say("What time is it?"));

    const expected = await fliteSays("What time is it?");
    expect(end).toMatchObject({ reason: "done", spoken_ratio: 1, spoken_chars: 16 });
    expect(await spokenInto(stage)).toEqual(expected);
    const start = await stage.statuses.until(({ event }) => event === "speaking_start");
    expect(Math.abs((start.expected_ms ?? 0) - expected.length / 16)).toBeLessThanOrEqual(1);
  });

  test("is there as espeak-ng makes it, from its first to its last sample", async () => {
    await using stage = await openServiceStage(intoFile("espeak-ng"));

    await stage.untilEnd(stage.say("What time is it?"));

    const espeak = openEspeakNg({ clock: SYSTEM_CLOCK, englishVoice: "en-us+klatt2", wordsPerMin: 140 });
    expect(await spokenInto(stage)).toEqual(
      await collected((await espeak.synthesize("What time is it?", OPTIONS)).pcm),
    );
  });

  test("is followed by the next ones in their order", async () => {
    await using stage = await openServiceStage(intoFile("flite"));
    const turn = { utt_id: id() };

    stage.say("One.", { ...turn, seq: 0, last: false });
    stage.say("Two.", { ...turn, seq: 1, last: false });
    await stage.untilEnd(stage.say("One.", { ...turn, seq: 2 }));

    const [one, two] = [await fliteSays("One."), await fliteSays("Two.")];
    expect(await spokenInto(stage)).toEqual(Int16Array.from([...one, ...two, ...one]));
  });

  test("is silent while its site is muted, and takes as long", async () => {
    await using stage = await openServiceStage(intoFile("flite"));
    stage.client.publish(ttsControl, { action: "mute" });
    await stage.healths.until(({ detail }) => detail?.["muted_sites"] === "default");

    await stage.untilEnd(stage.say("What time is it?"));

    const spoken = await spokenInto(stage);
    expect(spoken.length).toBe((await fliteSays("What time is it?")).length);
    expect(spoken.every((value) => value === 0)).toBe(true);
  });

  test("in a language that nobody speaks is not spoken, and the status says why", async () => {
    await using stage = await openServiceStage(intoFile("flite"));

    const end = await stage.untilEnd(stage.say("Guten Morgen.", { lang: "de" }));

    expect(end).toMatchObject({ event: "failed", reason: "error", detail: 'No speech engine here speaks "de".' });
  });
});

describe("a sentence for another site", () => {
  test("goes there as flite makes it, and starts when it is heard there", async () => {
    await using stage = await openServiceStage({ TTS_ENGINE: "flite", TTS_SINK: "null" });
    await using remote = openRemoteSpeaker({ client: stage.client, siteId: "kitchen", clock: SYSTEM_CLOCK });
    await remote.active;

    const sayId = stage.say("What time is it?", { site_id: "kitchen" });
    const end = await stage.untilEnd(sayId);

    expect(end).toMatchObject({ reason: "done", site_id: "kitchen" });
    expect(remote.spoken).toEqual([{ soundId: soundIdOf(sayId), pcm: await fliteSays("What time is it?") }]);
  });

  test("where nobody plays sound fails, and does not hold up the house", async () => {
    await using stage = await openServiceStage({ TTS_ENGINE: "silent", TTS_SINK: "null" });

    const there = stage.say("Anybody?", { site_id: "cellar" });
    const here = stage.say("Me.");

    expect(await stage.untilEnd(here)).toMatchObject({ event: "speaking_end", reason: "done" });
    expect(await stage.untilEnd(there)).toMatchObject({
      event: "failed",
      detail: 'Nobody plays sound at the site "cellar".',
    });
  });
});

describe("this machine's loudspeaker", () => {
  /** A player that keeps what it gets, or does not work. */
  async function writePlayer(folder: string, script: string): Promise<string> {
    const file = join(folder, "player");
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  }

  test("gets the sentence as flite makes it, through a player of one's own", async () => {
    await using stage = await openServiceStage((folder) => {
      return { TTS_ENGINE: "flite", TTS_SINK: "device", TTS_COMMAND: `sh ${join(folder, "player")}` };
    });
    await writePlayer(stage.folder, `cat >>${join(stage.folder, "heard")}`);

    const end = await stage.untilEnd(stage.say("What time is it?"));

    expect(end.reason).toBe("done");
    const heard = samplesOf(await readFile(join(stage.folder, "heard")));
    expect(heard).toEqual(await fliteSays("What time is it?"));
  });

  test("that does not work is told in the health with what helps, while time is kept", async () => {
    await using stage = await openServiceStage({
      ...{ TTS_ENGINE: "silent", TTS_SILENT_CHARS_PER_SEC: "1000", TTS_COMMAND: "/nowhere/player" },
    });

    const health = await stage.healths.until(({ event }) => event === "degraded");
    const end = await stage.untilEnd(stage.say("What time is it?"));

    expect(health.degraded?.join()).toContain("/nowhere/player: not found");
    expect(health.detail).toMatchObject({ sink: "null", audible: false });
    expect(end.reason).toBe("done");
  });
});

test("what the loudspeaker plays can be heard at the reference socket, numbered without a gap", async () => {
  await using stage = await openServiceStage((folder) => ({
    ...{ TTS_ENGINE: "flite", TTS_SINK: "wav", TTS_FILE: join(folder, "spoken.wav") },
    TTS_REFERENCE_PATH: join(folder, "reference"),
  }));
  const listener = new AbortController();
  const frames = recorder<{ readonly sample: number; readonly pcm: Int16Array }>();
  const listening = (async () => {
    const source = openFanoutSource({ path: join(stage.folder, "reference"), clock: SYSTEM_CLOCK });
    for await (const frame of source.frames(listener.signal)) frames.push(frame);
  })();
  await stage.untilEnd(stage.say("First, so that somebody listens."));
  const sayId = stage.say("What time is it?");
  await stage.untilEnd(sayId);

  const expected = await fliteSays("What time is it?");
  const heard = await until(() => {
    const samples = frames.seen.flatMap(({ sample, pcm }) =>
      [...pcm].map((value, at) => ({ number: sample + at, value })),
    );
    const begin = samples.findIndex((_, at) =>
      expected.subarray(0, 640).every((value, ahead) => samples[at + ahead]?.value === value),
    );
    return begin < 0 ? undefined : samples.slice(begin);
  });

  expect(heard.length).toBeGreaterThan(expected.length / 2);
  // Silence is not sent: what is there stands at its place.
  const first = heard[0]?.number ?? 0;
  expect(heard.map(({ value }) => value)).toEqual(heard.map(({ number }) => expected[number - first]));
  listener.abort();
  await listening;
});
