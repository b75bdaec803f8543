import { AudioSinkError } from "@ts-tars/audio";
import { manualClock } from "@ts-tars/harness";
import { describe, expect, test } from "vitest";
import { HomeSink } from "./home-sink.ts";
import { type FakeSink, HealthBook, NO_LOG, openFakeSink } from "./stage.fixture.ts";

const GONE = new AudioSinkError("The loudspeaker is gone.", { remedy: "Plug it in." });
const SOUND = { expectedMs: 1, pcm: (async function* () {})() };

function openStage({ hasSpare = true } = {}) {
  const [device, spare] = [openFakeSink("device"), openFakeSink("null", { isAudible: false })];
  const [clock, health] = [manualClock(), new HealthBook()];
  const [changes, lack]: [string[], { error: Error | undefined }] = [[], { error: undefined }];
  const home: HomeSink = new HomeSink({
    ...{ device, spare: hasSpare ? spare : undefined, clock, health, log: NO_LOG },
    check: async () => {
      if (lack.error !== undefined) throw lack.error;
    },
    onChange: () => changes.push(home.name),
  });
  return { home, device, spare, clock, health, changes, lack };
}

const play = (home: HomeSink, signal = new AbortController().signal): Promise<void> =>
  home.play(SOUND, { sayId: "a", signal, onStart: () => undefined });

const plays = ({ log }: FakeSink): number => log.filter((line) => line.startsWith("play")).length;

describe("the loudspeaker of the house", () => {
  test("keeps time while none works, says what helps, and sounds when one was plugged in, without a restart", async () => {
    const { home, clock, health, changes, lack, spare } = openStage();
    lack.error = GONE;

    await home.look();
    expect([home.name, home.isAudible]).toEqual(["null", false]);
    expect(health.lacks.get("sink")).toBe("The loudspeaker is gone. Plug it in.");
    lack.error = undefined;
    await clock.advance(10_000);

    expect([home.name, home.isAudible]).toEqual(["device", true]);
    expect([health.lacks.size, changes, plays(spare)]).toEqual([0, ["null", "device"], 0]);
  });

  test("that vanishes fails its sentence; the next one keeps time", async () => {
    const { home, device, spare, health } = openStage();
    await home.look();
    const first = play(home);
    device.end(GONE);
    await expect(first).rejects.toBe(GONE);

    const second = play(home);
    spare.end();
    await second;

    expect(health.lacks.get("sink")).toContain("The loudspeaker is gone.");
    expect([plays(device), plays(spare)]).toEqual([1, 1]);
  });

  test("that was chosen by name is tried afresh with every sentence", async () => {
    const { home, device } = openStage({ hasSpare: false });
    const first = play(home);
    device.end(GONE);
    await expect(first).rejects.toBe(GONE);

    const second = play(home);
    device.end();
    await second;

    expect(plays(device)).toBe(2);
    await home.close();
  });

  test("is not blamed for a sentence that was cut, or whose engine broke", async () => {
    const { home, device, health } = openStage();
    const cutter = new AbortController();
    const cut = play(home, cutter.signal);
    cutter.abort(GONE);
    await expect(cut).rejects.toBe(GONE);
    const broken = play(home);
    device.end(new Error("the engine broke"));
    await expect(broken).rejects.toThrow("the engine broke");

    expect([home.name, health.lacks.size]).toEqual(["device", 0]);
  });

  test("has its volume and its pause on either", async () => {
    const { home, device, spare, clock } = openStage();

    home.setVolume(0.5);
    home.pause();
    home.resume();
    await home.close();

    expect(device.log).toEqual(["volume 0.5", "pause", "resume", "close"]);
    expect(spare.log).toEqual(device.log);
    expect(clock.pendingCount).toBe(0);
  });
});
