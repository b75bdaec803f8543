import { expect, test } from "vitest";
import { chosenDevices } from "./chosen-devices.ts";
import type { ShownSetting } from "./settings-view.ts";

const set = (variable: string, value: string | undefined): ShownSetting => ({
  ...{ section: "", key: "", variable, value, from: "env", origin: variable },
});

test("microphone and loudspeaker are those of the settings, commands of one's own included", () => {
  const settings = [
    ...[set("STT_DEVICE", "hw:1"), set("STT_COMMAND", "rec -")],
    ...[set("TTS_DEVICE", "hdmi"), set("TTS_COMMAND", "play -")],
  ];

  expect(chosenDevices(settings)).toEqual({
    microphone: { device: "hw:1", command: "rec -" },
    loudspeaker: { device: "hdmi", command: "play -" },
  });
});

test("where nothing is set the machine chooses", () => {
  expect(chosenDevices([set("STT_DEVICE", undefined)])).toEqual({ microphone: {}, loudspeaker: {} });
});
