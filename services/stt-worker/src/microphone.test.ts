import { type AudioFrame, type AudioSource, AudioSourceError } from "@ts-tars/audio";
import { type ManualClock, manualClock, until, within } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { Microphone, type MicrophoneDeps } from "./microphone.ts";

const FRAME: AudioFrame = { captureId: "a".repeat(16), sample: 0, pcm: new Int16Array(320) };

interface Scene extends Pick<MicrophoneDeps, "onFrame"> {
  readonly source: AudioSource;
}

function openMicrophone(scene: Scene): {
  readonly microphone: Microphone;
  readonly clock: ManualClock;
  readonly states: readonly string[];
} {
  const clock = manualClock();
  const states: string[] = [];
  const onChange = (): void => void states.push(microphone.hearing.state);
  const microphone: Microphone = new Microphone({ clock, onEnd: () => undefined, onChange, ...scene });
  return { microphone, clock, states };
}

const endless: AudioSource = {
  name: "device",
  label: "endless",
  frames: async function* (signal) {
    while (!signal.aborted) yield FRAME;
  },
};

test("a microphone is closed also while nobody has taken its last frame", async () => {
  let takenCount = 0;
  const onFrame = (): Promise<void> => {
    takenCount += 1;
    return new Promise(() => undefined);
  };
  const { microphone, states } = openMicrophone({ source: endless, onFrame });
  microphone.open();
  await until(() => takenCount === 1);

  await within(5_000, microphone.close());

  expect(states).toEqual(["opening", "open", "closed"]);
});

test("a microphone that is lost is tried again every 10 s, and is open again when it is back", async () => {
  let isThere = false;
  const source: AudioSource = {
    ...endless,
    frames: async function* (signal) {
      if (!isThere) throw new AudioSourceError("It is gone.", { remedy: "Plug it in." });
      yield* endless.frames(signal);
    },
  };
  const { microphone, clock, states } = openMicrophone({ source, onFrame: () => new Promise(setImmediate) });
  microphone.open();
  await until(() => microphone.hearing.state === "lost");
  expect(microphone.trouble).toMatchObject({ message: "It is gone.", remedy: "Plug it in." });

  isThere = true;
  await clock.advance(9_999);
  expect(microphone.hearing.state).toBe("lost");
  await clock.advance(1);
  await until(() => microphone.hearing.state === "open");

  expect(microphone.trouble).toBeUndefined();
  await microphone.close();
  expect(states.at(-1)).toBe("closed");
});
