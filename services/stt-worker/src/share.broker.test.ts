import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type AudioFrame, openFanoutSource } from "@ts-tars/audio";
import { type AudioSpectrum, configSet, sttAudioFft, sttPrivacy } from "@ts-tars/contracts";
import { recorder, within } from "@ts-tars/harness";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { expect, onTestFinished, test } from "vitest";
import { joined, quiet, speak } from "./speech.fixture.ts";
import { openStage, PATIENT } from "./stage.fixture.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "stt-share-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test("others on this machine hear its microphone with the same numbers, and nothing once privacy is on", async () => {
  const directory = await folder();
  const path = join(directory, "fanout.sock");
  const sound = joined(quiet(2_000), await speak("what time is it", "awb"), quiet(600));
  await writeFile(join(directory, "sound.raw"), new Uint8Array(sound.buffer));
  const player = `ffmpeg -nostdin -loglevel quiet -re -stream_loop -1 -f s16le -ar 16000 -ac 1 -i ${directory}/sound.raw -f s16le -`;
  await using stage = await openStage({
    isAllowed: false,
    env: { STT_SOURCE: "device", STT_COMMAND: player, AUDIO_FANOUT_PATH: path, AUDIO_FANOUT_RAW_PATH: `${path}.raw` },
  });
  const frames = recorder<AudioFrame>(({ captureId, sample }) => `${captureId} ${sample}`);
  const stop = new AbortController();
  const listening = (async () => {
    for await (const frame of openFanoutSource({ path, clock: SYSTEM_CLOCK }).frames(stop.signal)) frames.push(frame);
  })();

  stage.client.publish(sttPrivacy, { on: false });
  const { capture_id } = await stage.states.until(
    ({ site_id, capture_id: id }) => site_id === "default" && id !== undefined,
    PATIENT,
  );
  const heard = await frames.take(20, PATIENT);
  expect(heard.every(({ captureId }) => captureId === capture_id)).toBe(true);
  expect(heard.every(({ sample }, at) => at === 0 || sample === (heard[at - 1]?.sample ?? 0) + 320)).toBe(true);

  stage.client.publish(sttPrivacy, { on: true });
  await stage.states.until(
    ({ site_id, hearing, privacy }) =>
      site_id === "default" && privacy && hearing.state === "closed" && stage.states.seen.length > 5,
  );
  // The capture ended for who heard it too: the iteration is over by itself.
  await within(PATIENT.deadlineMs, listening);
  stop.abort();
});

test("a socket that cannot be opened is named in the health, and everything else works", async () => {
  const path = join(await folder(), "file", "fanout.sock");
  await writeFile(dirname(path), "no folder");
  await using stage = await openStage({ isWarm: false, env: { AUDIO_FANOUT_PATH: path } });
  const { degraded = [] } = await stage.healths.until(({ degraded: all = [] }) => all.length > 0);

  expect(degraded.join()).toContain(path);
});

test("level and bars are told when they are wanted, of each site for itself", async () => {
  await using stage = await openStage({ isWarm: false, env: { STT_SPECTRUM: "on" } });
  const spectra = recorder<AudioSpectrum>();
  await stage.client.subscribe(sttAudioFft, ({ data }) => spectra.push(data)).active;
  const room = stage.room();
  await room.play(joined(quiet(200), await speak("what time is it", "awb")), 4);

  const loudest = await spectra.until(({ level_db = -120 }) => level_db > -40);
  expect(loudest).toMatchObject({ site_id: room.siteId, sample_rate: 16_000 });
  expect(loudest.fft_data.length).toBe(16);
});

test("level and bars begin when the setting is switched on while it runs", async () => {
  await using stage = await openStage({ isWarm: false, env: { XDG_CONFIG_HOME: await folder() } });
  const spectra = recorder<AudioSpectrum>();
  await stage.client.subscribe(sttAudioFft, ({ data }) => spectra.push(data)).active;

  const set = configSet.at({ service: "stt-worker" });
  expect(await stage.client.request(set, { values: { spectrum: true } })).toMatchObject({ applied: ["spectrum"] });
  const room = stage.room();
  await room.play(quiet(400), 4);

  expect(await spectra.next()).toMatchObject({ site_id: room.siteId });
});
