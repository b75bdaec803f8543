import { SYSTEM_CLOCK } from "@ts-tars/service";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeAudioSink, type SinkUnderTest } from "../audio-sink.conformance.ts";
import type { AudioSink } from "../audio-sink.ts";
import { type PulseServer, startPulseServer } from "../pulse-server.fixture.ts";
import { findDevicePlayer, openDeviceSink } from "./device.ts";
import { measurePause, measureStart, measureStop, medianOf, passMs, type Stage } from "./device-trials.fixture.ts";
import { type MonitorRecording, recordMonitor } from "./monitor-recording.fixture.ts";

describeAudioSink(
  "device",
  async (): Promise<SinkUnderTest> => {
    const stack = new AsyncDisposableStack();
    const server = stack.use(await startPulseServer());
    // A loudspeaker that nobody listens to sleeps for seconds at a time.
    stack.use(await recordMonitor(server));
    const sink = openDeviceSink({ clock: SYSTEM_CLOCK, env: server.env });
    stack.defer(() => sink.close());
    await findDevicePlayer({ env: server.env });
    return { sink, pass: passMs, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  },
  { toleranceMs: 250 },
);

describe("the loudspeaker of a PulseAudio, heard through its monitor", () => {
  let server: PulseServer;
  let recording: MonitorRecording;
  let sink: AudioSink;
  let stage: Stage;

  beforeAll(async () => {
    server = await startPulseServer();
    recording = await recordMonitor(server);
    sink = openDeviceSink({ clock: SYSTEM_CLOCK, env: server.env });
    stage = { sink, recording };
  });
  afterAll(async () => {
    await sink.close();
    await recording[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test("is played through pacat, which says what has sounded", async () => {
    expect(await findDevicePlayer({ env: server.env })).toBe("pacat");
  });

  test("stops within 150 ms, and knows to 60 ms what has sounded", async () => {
    const { errorMs, silentAfterMs } = await inQuiet(
      () => medianOf(5, () => measureStop(stage)),
      ({ errorMs, silentAfterMs }) => Math.abs(errorMs) <= 60 && silentAfterMs <= 150,
    );

    expect(Math.abs(errorMs)).toBeLessThanOrEqual(60);
    expect(silentAfterMs).toBeLessThanOrEqual(150);
  });

  test("goes on after a pause where it stopped, to 60 ms, and knew where that was", async () => {
    const { errorMs, jumpMs } = await inQuiet(
      () => medianOf(3, () => measurePause(stage)),
      ({ errorMs, jumpMs }) => Math.abs(errorMs) <= 60 && Math.abs(jumpMs) <= 60,
    );

    expect(Math.abs(errorMs)).toBeLessThanOrEqual(60);
    expect(Math.abs(jumpMs)).toBeLessThanOrEqual(60);
  });

  test("is heard within 100 ms of being given sound, and says so when it is", async () => {
    const { audibleMs, toldMs } = await inQuiet(
      () => medianOf(5, () => measureStart(stage, "announced")),
      ({ audibleMs, toldMs }) => audibleMs <= 100 && Math.abs(toldMs) <= 60,
    );

    expect(audibleMs).toBeLessThanOrEqual(100);
    expect(Math.abs(toldMs)).toBeLessThanOrEqual(60);
  });
});

/** A busy machine is late now and then: it may try again, but not be later. */
async function inQuiet<Figures>(
  measure: () => Promise<Figures>,
  isGood: (figures: Figures) => boolean,
): Promise<Figures> {
  let figures = await measure();
  for (let attempt = 1; attempt < 4 && !isGood(figures); attempt += 1) figures = await measure();
  return figures;
}
