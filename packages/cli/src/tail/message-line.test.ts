import { AUDIO_FLAG, audioMic, CATALOGUE } from "@ts-tars/contracts";
import { plantedSecret } from "@ts-tars/harness";
import { encodeMessage } from "@ts-tars/mqtt/contract";
import { expect, test } from "vitest";
import { readMessage, renderLine } from "./message-line.ts";

const SECRET = plantedSecret("sunflower");

const PLAIN = { dim: String, cyan: String, red: (text: string) => `<${text}>` };
const ENVELOPE = { id: "0".repeat(32), type: "tts.say", ts: 1, source: "router", correlation_id: "abcdef0123456789" };
const message = (topic: string, body: unknown, isRetained = false) => ({
  topic,
  payload: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)),
  isRetained,
  arrivedAtMs: Date.UTC(2030, 0, 2, 3, 4, 5, 678),
});
const lineOf = (topic: string, body: unknown, isRetained = false) =>
  renderLine(readMessage(message(topic, body, isRetained), CATALOGUE), PLAIN);

test("a message of a known topic is decoded: time, topic, source, turn, data with its defaults", () => {
  expect(lineOf("tts/say", { ...ENVELOPE, data: { text: "Hello." } })).toBe(
    '03:04:05.678  tts/say  router abcdef01  {"text":"Hello.","site_id":"default"}',
  );
});

test("a message that breaks its contract is marked with path and reason, and shown as it came", () => {
  expect(lineOf("tts/say", { ...ENVELOPE, data: { text: 5 } })).toMatch(/<✗ contract: text .*>.*"text":5/u);
});

test("a message of an unknown topic is shown as it is", () => {
  expect(lineOf("some/thing", '{"a":1}')).toBe('03:04:05.678  some/thing  {"a":1}');
  expect(lineOf("some/thing", "plain words")).toBe('03:04:05.678  some/thing  "plain words"');
});

test("bytes that are no text are shown as their number", () => {
  const bytes = { ...message("some/thing", ""), payload: Uint8Array.of(0xff, 0xfe) };

  expect(readMessage(bytes, CATALOGUE).data).toBe("2 bytes");
});

test("an empty payload is shown as cleared, a retained one as retained", () => {
  expect(lineOf("turn/state/default", "", true)).toBe("03:04:05.678  turn/state/default  retained  (cleared)");
});

test("a payload cannot break the line or command the terminal", () => {
  const line = lineOf("some/thing", "red \u001b[31m and\nnext\u009b");

  expect(line).not.toMatch(/\p{Cc}/u);
});

const SOUND = { sequence: 10, stream_id: "00ff00ff00ff00ff", position: 3_200, bytes: new Uint8Array(640) };
const soundMessage = (frame: object) => {
  const payload = encodeMessage(audioMic, { ...SOUND, ...frame }, { id: "0".repeat(32), ts: 1.5, source: "page" });
  return { ...message("audio/kitchen/mic", ""), payload };
};
const soundLineOf = (frame: object): string => renderLine(readMessage(soundMessage(frame), CATALOGUE), PLAIN);

test("a frame of sound is told in words: how long, from which sample on, and what its flags say", () => {
  const end = { bytes: new Uint8Array(), flags: AUDIO_FLAG.end | AUDIO_FLAG.file };

  expect(soundLineOf({})).toBe("03:04:05.678  audio/kitchen/mic  sound 20 ms at sample 3200");
  expect(soundLineOf({ bytes: new Uint8Array(6) })).toMatch(/ {2}sound 0\.2 ms at sample 3200$/u);
  expect(soundLineOf(end)).toMatch(/ {2}sound 0 ms at sample 3200 \(end, file\)$/u);
});

test("a frame of sound is data without its samples, for a program that reads lines of JSON", () => {
  const { bytes: _bytes, ...header } = SOUND;

  expect(readMessage(soundMessage({}), CATALOGUE)).toMatchObject({
    data: { ...header, ts: 1.5, flags: 0, samples: 320 },
    summary: "sound 20 ms at sample 3200",
  });
  expect(JSON.stringify(readMessage(soundMessage({}), CATALOGUE))).not.toContain("bytes");
});

test("what is no frame of sound is told with its reason and its size, also when it could be text", () => {
  const silence = { ...message("audio/kitchen/mic", ""), payload: new Uint8Array(640) };

  expect(renderLine(readMessage(silence, CATALOGUE), PLAIN)).toBe(
    '03:04:05.678  audio/kitchen/mic  <✗ undecodable: it does not begin with the header of a binary frame>  "640 bytes"',
  );
});

test("what is set may be a secret: the keys are shown, and nothing of the values, also when it breaks its contract", () => {
  const set = { ...ENVELOPE, type: "config.set" };

  expect(lineOf("config/llm-worker/set", { ...set, data: { values: { api_key: SECRET } } })).toMatch(
    /\{"values":\{"api_key":"…"\}\}$/u,
  );
  expect(lineOf("config/llm-worker/set", { ...set, data: { values: SECRET } })).toMatch(/✗ contract.* bytes"$/u);
  expect(lineOf("config/llm-worker/set", `{"values": "${SECRET}`)).not.toContain(SECRET);
});
