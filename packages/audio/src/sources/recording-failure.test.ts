import { expect, test } from "vitest";
import { actualRateHz, explainEnd, isFormatRefused } from "./recording-failure.ts";

const RECORDING = {
  program: "arecord",
  command: ["arecord"],
  rateHz: 16_000,
  channelCount: 1,
  label: "hw:1,0",
} as const;

interface Circumstances {
  readonly hadSound?: boolean;
  readonly holders?: readonly string[];
  readonly program?: string;
}

const explain = (line: string, { hadSound = false, holders = [], program = "arecord" }: Circumstances = {}): string => {
  const recording = { ...RECORDING, program };
  const { message, trouble } = explainEnd({ recording, how: "exit code 1", lastLines: [line], hadSound, holders });
  return `${message} ${trouble.remedy}`;
};

test.for<[string, string]>([
  ["arecord: main:831: audio open error: Device or resource busy", "hw:1,0 is in use by another program."],
  ["arecord: main:831: audio open error: Permission denied", "sudo usermod -aG audio $USER"],
  ["arecord: main:831: audio open error: No such file or directory", 'There is no microphone "hw:1,0".'],
  ["Stream error: No such entity", 'There is no microphone "hw:1,0".'],
  ["Connection failure: Connection refused", "The connection to PulseAudio or PipeWire is gone."],
  ["Stream error: Connection terminated", "The connection to PulseAudio or PipeWire is gone."],
  ["arecord: something new", "arecord ended with exit code 1: arecord: something new"],
])("%s is told as a sentence", ([line, sentence]) => {
  expect(explain(line)).toContain(sentence);
});

test("who holds a busy device is named", () => {
  expect(explain("Device or resource busy", { holders: ["pulseaudio (812)"] })).toBe(
    "The microphone hw:1,0 is in use by pulseaudio (812). End that program, or set another device.",
  );
});

test("a device that had given sound was unplugged, and is not unknown", () => {
  const line = "arecord: pcm_read:2221: read error: No such device";

  expect(explain(line, { hadSound: true })).toContain("The microphone hw:1,0 is gone.");
});

test("an own command line is to be tried in a terminal", () => {
  expect(explain("sh: 1: rec: not found", { program: "sh" })).toContain("in a terminal");
});

test("what refuses only the format is told from what fails, in arecord's words", () => {
  const refusals = [
    "arecord: set_params:1387: Sample format non available",
    "arecord: set_params:1398: Channels count non available",
    "arecord: set_params:1371: Access type not available",
    "arecord: set_params:1416: Unable to install hw params:",
  ];

  expect(refusals.map((line) => isFormatRefused([line]))).toEqual([true, true, true, true]);
  expect(isFormatRefused(["arecord: main:831: audio open error: Device or resource busy"])).toBe(false);
});

test("the rate that a device has instead is read from arecord's warning", () => {
  const lines = [
    "Warning: rate is not accurate (requested = 16000Hz, got = 48000Hz)",
    "         please, try the plug plugin",
  ];

  expect(actualRateHz(lines)).toBe(48_000);
  expect(actualRateHz(["Recording raw data 'stdin' : Signed 16 bit Little Endian"])).toBeUndefined();
});
