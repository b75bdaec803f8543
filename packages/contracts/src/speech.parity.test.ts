import { describe, expect, it } from "vitest";
import { sttAudioFft, sttFinal, sttPartial, ttsControl, ttsSay, ttsStatus, wakeEvent, wakeMic } from "./index.ts";
import { type Case, expectOutcome, reads, refuses, strips } from "./parity.fixture.ts";

const site_id = "default";
const FINAL = {
  message_id: "m1",
  text: "hi",
  lang: "de",
  confidence: 0.9,
  utt_id: "u1",
  ts: 1,
  is_final: true,
  site_id,
};
const SAY = {
  ...{ message_id: "m1", text: "hello", voice: "ryan", lang: "en", utt_id: "u1", style: "calm" },
  ...{ stt_ts: 1_731_000_000.5, wake_ack: true, system_announce: false, site_id },
};

const STT: readonly Case[] = [
  [
    "final: nothing but a text is needed: English, and final (the reference fills in id and time; ours has them around it)",
    sttFinal,
    { text: "hi" },
    reads({ text: "hi", lang: "en", is_final: true, site_id }),
  ],
  ["final: every member is read", sttFinal, FINAL],
  ["final: a confidence over 1 is refused", sttFinal, { ...FINAL, confidence: 1.5 }, refuses("confidence")],
  ["final: a member that is none is left out (the reference refuses all)", sttFinal, { ...FINAL, x: 1 }, strips(FINAL)],
  [
    "partial: it is not final by default",
    sttPartial,
    { text: "h" },
    reads({ text: "h", lang: "en", is_final: false, site_id }),
  ],
  [
    "partial: a member that is none is left out (the reference refuses all)",
    sttPartial,
    { text: "h", lang: "en", is_final: false, site_id, x: 1 },
    strips({ text: "h", lang: "en", is_final: false, site_id }),
  ],
  ["spectrum: no bars are read", sttAudioFft, { fft_data: [], sample_rate: 16_000, site_id }],
  ["spectrum: a rate of 0 is refused", sttAudioFft, { fft_data: [0.5], sample_rate: 0 }, refuses("sample_rate")],
  [
    "spectrum: a member that is none is left out (the reference refuses all)",
    sttAudioFft,
    { fft_data: [0.5], sample_rate: 16_000, site_id, bins: 1 },
    strips({ fft_data: [0.5], sample_rate: 16_000, site_id }),
  ],
  ["final: what is read comes back from the wire", sttFinal, { ...FINAL, text: "Grüße, 世界" }],
];

const TTS: readonly Case[] = [
  ["say: nothing but a text is needed", ttsSay, { text: "hello" }, reads({ text: "hello", site_id })],
  ["say: every member is read", ttsSay, SAY],
  ["say: a member that is none is left out (the reference refuses all)", ttsSay, { ...SAY, pitch: 1 }, strips(SAY)],
  [
    "status: the start is read",
    ttsStatus,
    { event: "speaking_start", text: "hello", utt_id: "u1", timestamp: 1, site_id },
  ],
  ["status: the end is read", ttsStatus, { event: "speaking_end", text: "hello", reason: "done", site_id }],
  ["status: another event is refused", ttsStatus, { event: "sang" }, refuses("event")],
  [
    "status: a member that is none is left out (the reference refuses all)",
    ttsStatus,
    { event: "paused", text: "", site_id, x: 1 },
    strips({ event: "paused", text: "", site_id }),
  ],
  ["control: another action is refused", ttsControl, { action: "shout" }, refuses("action")],
  [
    "control: a member that is none is left out (the reference refuses all)",
    ttsControl,
    { action: "stop", site_id, x: 1 },
    strips({ action: "stop", site_id }),
  ],
  ["say: what is read comes back from the wire", ttsSay, { ...SAY, text: "Grüße, 世界" }],
  [
    "status: what is read comes back from the wire",
    ttsStatus,
    { event: "resumed", text: "hello", wake_ack: true, site_id },
  ],
  ["control: what is read comes back from the wire", ttsControl, { action: "pause", reason: "wake", ts: 1, site_id }],
];

const WAKE: readonly Case[] = [
  [
    "event: optional members survive",
    wakeEvent,
    { type: "interrupt", tts_id: "u1", confidence: 0.8, energy: 0.02, cause: "double_wake", ts: 48_211.3, site_id },
  ],
  [
    "event: a member that is none is left out (the reference refuses all)",
    wakeEvent,
    { type: "wake", site_id, x: 1 },
    strips({ type: "wake", site_id }),
  ],
];

describe("the ears' contract", () => {
  it.each([
    ["the topic of what was said is stt/final", sttFinal.filter, "stt/final"],
    ["the topic of what seems to be said is stt/partial", sttPartial.filter, "stt/partial"],
    ["the topic of the spectrum is stt/audio_fft", sttAudioFft.filter, "stt/audio_fft"],
  ])("%s", (_title, filter, name) => {
    expect(filter).toBe(name);
  });

  it.for(STT)("%s", (one) => {
    expectOutcome(one);
  });
});

describe("the mouth's contract", () => {
  it.each([
    ["the topic of a sentence is tts/say", ttsSay.filter, "tts/say"],
    ["the topic of what became of it is tts/status", ttsStatus.filter, "tts/status"],
    ["the topic of orders is tts/control", ttsControl.filter, "tts/control"],
  ])("%s", (_title, filter, name) => {
    expect(filter).toBe(name);
  });

  it.for(TTS)("%s", (one) => {
    expectOutcome(one);
  });

  it("control: pause, resume, stop, mute and unmute are read", () => {
    for (const action of ["pause", "resume", "stop", "mute", "unmute"]) {
      expectOutcome(["", ttsControl, { action, site_id }]);
    }
  });
});

describe("the wake phrase's contract", () => {
  it.for(WAKE)("%s", (one) => {
    expectOutcome(one);
  });

  it("wake/mic, which the reference does not test, reads its two words and refuses a third", () => {
    for (const action of ["mute", "unmute"])
      expectOutcome(["", wakeMic, { action, reason: "wake", ttl_ms: 0, site_id }]);
    expectOutcome(["", wakeMic, { action: "open" }, refuses("action")]);
    expectOutcome(["", wakeMic, { action: "mute", ttl_ms: -1 }, refuses("ttl_ms")]);
  });
});
