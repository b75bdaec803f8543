import type { AudioFrame, AudioSource } from "@ts-tars/audio";
import { type ManualClock, manualClock, until, within } from "@ts-tars/harness";
import type { Client } from "@ts-tars/mqtt";
import { aborted, createLog } from "@ts-tars/service";
import { describe, expect, test } from "vitest";
import { Ears } from "./ears.ts";
import type { Inbound } from "./inbound.ts";
import type { Privacy, PrivacyStore } from "./privacy-store.ts";
import { fakeTranscriber } from "./transcriber.fixture.ts";
import { energyDetector } from "./voice-detectors/energy.ts";

const CAPTURE = "a".repeat(16);
const frameAt = (sample: number): AudioFrame => ({ captureId: CAPTURE, sample, pcm: new Int16Array(320) });

/** Gives one frame, and one more when it is told to end: what was still in the device. */
const lingering: AudioSource = {
  name: "device",
  label: "lingering",
  frames: async function* (signal) {
    yield frameAt(0);
    await aborted(signal);
    yield frameAt(320);
  },
};

interface Stage extends AsyncDisposable {
  readonly ears: Ears;
  readonly clock: ManualClock;
  /** What others on this machine hear, in order. */
  readonly shared: readonly string[];
  readonly events: readonly Inbound[];
  /** What the health lacks, by part. */
  readonly lacks: ReadonlyMap<string, string>;
}

/** Ears whose device, disk and bus are the test's. */
function openEars(write: PrivacyStore["write"] = async () => undefined): Stage {
  const clock = manualClock();
  const shared: string[] = [];
  const events: Inbound[] = [];
  const lacks = new Map<string, string>();
  const kept = { changed: () => undefined, stop: () => undefined };
  const client = { publish: () => undefined, keep: () => kept, clear: () => undefined } as unknown as Client; // all that ears ask of it
  const share = {
    push: ({ sample }: AudioFrame) => void shared.push(`push ${sample}`),
    endCapture: () => void shared.push("end"),
    silence: () => void shared.push("silence"),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const off: Privacy = { on: false, reason: "test" };
  const ears = new Ears(
    {
      ...{ client, clock, share, source: lingering, boot: "b".repeat(32), siteCount: 4, tellsSpectrum: () => false },
      log: createLog({ name: "test", level: "silent" }),
      health: {
        ok: (part = "") => void lacks.delete(part),
        degraded: (reason, _remedy, part = "") => void lacks.set(part, reason),
        detail: () => undefined,
      },
      transcriber: fakeTranscriber(),
      openDetector: energyDetector,
      openShare: async () => share,
      privacyStore: { read: async () => off, write },
      post: (event) => void events.push(event),
      handled: async (event) => void events.push(event),
    },
    off,
  );
  return { ears, clock, shared, events, lacks, [Symbol.asyncDispose]: () => ears[Symbol.asyncDispose]() };
}

describe("privacy", () => {
  test("lets nobody on this machine hear another frame, nor what is on its way", async () => {
    await using stage = openEars();
    await until(() => stage.shared.length === 1);

    await within(5_000, stage.ears.setPrivacy({ on: true }));

    expect(stage.shared).toEqual(["push 0", "silence", "end"]);
    expect(stage.events.filter(({ type }) => type === "heard").length).toBe(2);
  });

  test("that cannot be kept on the disk is obeyed all the same, and the health says what helps", async () => {
    await using stage = openEars(async () => {
      throw new Error("EROFS: read-only file system");
    });
    await until(() => stage.shared.length === 1);

    await within(5_000, stage.ears.setPrivacy({ on: true }));

    expect(stage.lacks.get("privacy")).toContain("read-only file system");
    expect(stage.shared).toContain("silence");
  });
});
