import { describe, expect, test } from "vitest";
import { chooseRecording, type RecordingWish } from "./choose-recording.ts";
import type { RecordingFacts } from "./recording-facts.ts";

const FACTS: RecordingFacts = {
  programs: { parec: true, arecord: true, ffmpeg: true },
  pulse: { kind: "unreachable" },
  captureDevices: [],
  userId: 1_000,
  hasRuntimeDir: true,
  pulseUserIds: [],
};
const USB = { number: "1,0", title: "USB Audio", isOpenable: true };
const PULSE = { kind: "reachable", defaultSource: "alsa_input.usb" } as const;
const MONITOR = { kind: "reachable", defaultSource: "alsa_output.hdmi.monitor" } as const;

/** What is tried, as short lines. */
function tried(facts: Partial<RecordingFacts>, wish: Partial<RecordingWish> = {}): readonly string[] {
  const choice = chooseRecording({ ...FACTS, ...facts }, { device: undefined, command: undefined, ...wish });
  if (choice.kind === "none") return [`${choice.message} ${choice.trouble.remedy}`];
  return choice.ways.map(({ command, rateHz, channelCount }) => `${command.join(" ")} = ${rateHz} × ${channelCount}`);
}

describe("a microphone is recorded", () => {
  test("by parec from the default source where PulseAudio or PipeWire answers", () => {
    const [line, ...others] = tried({ pulse: PULSE, captureDevices: [USB] });

    expect(line).toMatch(
      /^parec --raw --format=s16le --rate=16000 --channels=1 .*--device=alsa_input\.usb = 16000 × 1$/,
    );
    expect(others).toEqual([]);
  });

  test("by ffmpeg from PulseAudio where parec is missing", () => {
    const programs = { parec: false, arecord: false, ffmpeg: true };

    expect(tried({ pulse: PULSE, programs })).toEqual([
      "ffmpeg -nostdin -hide_banner -loglevel error -f pulse -i alsa_input.usb -ac 1 -ar 16000 -f s16le pipe:1 = 16000 × 1",
    ]);
  });

  test("by arecord from the first device that may be opened, itself first, at the rates that it may have", () => {
    const locked = { ...USB, number: "0,0", isOpenable: false };

    expect(
      tried({ captureDevices: [locked, USB] }).map((line) => line.replace(/ -t raw -f S16_LE| --\S+/g, "")),
    ).toEqual([
      "arecord -D hw:1,0 -r 16000 -c 1 = 16000 × 1",
      "arecord -D hw:1,0 -r 48000 -c 1 = 48000 × 1",
      "arecord -D hw:1,0 -r 48000 -c 2 = 48000 × 2",
      "arecord -D plughw:1,0 -r 16000 -c 1 = 16000 × 1",
    ]);
  });

  test("by ffmpeg from ALSA where arecord is missing", () => {
    const programs = { parec: false, arecord: false, ffmpeg: true };

    expect(tried({ captureDevices: [USB], programs })[0]).toContain("-f alsa -i plughw:1,0 -ac 1");
  });

  test("not from the monitor of a loudspeaker, which is the robot itself, unless it is named", () => {
    expect(tried({ pulse: MONITOR })[0]).toContain("No microphone is connected.");
    expect(tried({ pulse: MONITOR, captureDevices: [USB] })[0]).toContain("arecord -D hw:1,0");
    expect(tried({ pulse: MONITOR }, { device: "alsa_output.hdmi.monitor" })[0]).toContain("hdmi.monitor");
  });

  test.for(["hw:2", "plughw:CARD=Device", "default", "sysdefault:CARD=Device", "dsnoop:1"])(
    "by arecord where the name is one of ALSA (%s)",
    (device) => {
      expect(tried({ pulse: PULSE }, { device })[0]).toContain(`arecord -D ${device} `);
    },
  );

  test("by the user's own command line, the device quoted, again at 48 000 Hz where it takes a rate", () => {
    expect(tried({}, { command: "rec -r {rate} {device}", device: "it's" })).toEqual([
      "sh -c rec -r 16000 'it'\\''s' = 16000 × 1",
      "sh -c rec -r 48000 'it'\\''s' = 48000 × 1",
    ]);
    expect(tried({}, { command: "cat fifo" })).toEqual(["sh -c cat fifo = 16000 × 1"]);
  });
});

describe("no microphone is recorded, and the reason is told", () => {
  test.for<[string, Partial<RecordingFacts>, string, string]>([
    ["nothing is connected", {}, "No microphone is connected.", "arecord -l"],
    [
      "no program",
      { programs: { parec: false, arecord: false, ffmpeg: false }, captureDevices: [USB] },
      "There is no program to record with",
      "sudo apt install pulseaudio-utils alsa-utils",
    ],
    [
      "no permission",
      { captureDevices: [{ ...USB, isOpenable: false }] },
      "There is a microphone (USB Audio), and this user may not open it.",
      "sudo usermod -aG audio $USER",
    ],
    [
      "root beside a user's session",
      { userId: 0, pulseUserIds: [1_000] },
      "root cannot reach its PulseAudio or PipeWire",
      "without sudo",
    ],
    ["no session", { hasRuntimeDir: false }, "XDG_RUNTIME_DIR is not set", "loginctl enable-linger"],
  ])("%s", ([, facts, message, remedy]) => {
    const [line] = tried(facts);

    expect(line).toContain(message);
    expect(line).toContain(remedy);
  });
});
