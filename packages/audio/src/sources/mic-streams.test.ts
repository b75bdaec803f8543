import { AUDIO_FLAG, type SoundFrame } from "@ts-tars/contracts";
import { expect, test } from "vitest";
import { bytesOf } from "../pcm/sample-bytes.ts";
import { type MicCapture, MicStreams } from "./mic-streams.ts";

const [A, B] = ["a".repeat(16), "b".repeat(16)] as const;
const AT_MS = 1_000;

const frame = (streamId: string, position: number, { count = 320, flags = 0 } = {}): SoundFrame => ({
  sequence: 0,
  stream_id: streamId,
  position,
  flags,
  bytes: bytesOf(Int16Array.from({ length: count }, (_, n) => position + n)),
});

function openStreams() {
  const captures: MicCapture[] = [];
  return { captures, streams: new MicStreams((capture) => captures.push(capture)) };
}

/** The samples' numbers of a capture that has ended. */
async function heard(capture: MicCapture | undefined): Promise<readonly number[]> {
  const samples: number[] = [];
  if (capture !== undefined) for await (const { sample } of capture.queue.read()) samples.push(sample);
  return samples;
}

test("a stream is one capture, up to the frame that ends it", async () => {
  const { captures, streams } = openStreams();

  for (const at of [0, 320, 640]) streams.take("kitchen", frame(A, at), AT_MS);
  streams.take("kitchen", frame(A, 960, { count: 100, flags: AUDIO_FLAG.end }), AT_MS);
  streams.take("kitchen", frame(A, 1_280), AT_MS);

  expect(captures.map(({ captureId, siteId, isFile }) => [captureId, siteId, isFile])).toEqual([[A, "kitchen", false]]);
  expect(await heard(captures[0])).toEqual([0, 320, 640, 960]);
});

test("another stream ends the one before it, whose late frames belong to nobody", async () => {
  const { captures, streams } = openStreams();

  streams.take("kitchen", frame(A, 0), AT_MS);
  streams.take("kitchen", frame(B, 0, { flags: AUDIO_FLAG.file }), AT_MS);
  streams.take("kitchen", frame(A, 320), AT_MS);
  streams.take("kitchen", frame(B, 320, { flags: AUDIO_FLAG.end }), AT_MS);

  expect(captures.map(({ captureId, isFile }) => [captureId, isFile])).toEqual([
    [A, false],
    [B, true],
  ]);
  expect([await heard(captures[0]), await heard(captures[1])]).toEqual([[0], [0, 320]]);
});

test("a repeated frame is dropped, and a missing one is a jump", async () => {
  const { captures, streams } = openStreams();

  for (const at of [0, 320, 320, 0, 960]) streams.take("kitchen", frame(A, at), AT_MS);
  streams.end();

  expect(await heard(captures[0])).toEqual([0, 320, 960]);
});

test("sites do not disturb each other", async () => {
  const { captures, streams } = openStreams();

  streams.take("kitchen", frame(A, 0), AT_MS);
  streams.take("hall", frame(B, 0), AT_MS);
  streams.take("kitchen", frame(A, 320), AT_MS);
  streams.end();

  expect([await heard(captures[0]), await heard(captures[1])]).toEqual([[0, 320], [0]]);
});

test("of more than twelve sites the one that was heard least recently is forgotten", async () => {
  const { captures, streams } = openStreams();

  streams.take("kitchen", frame(A, 0), AT_MS);
  for (let n = 0; n < 12; n += 1) {
    streams.take(`site-${n}`, frame(A, 0), AT_MS);
    streams.take("kitchen", frame(A, 320 * (n + 1)), AT_MS);
  }
  streams.take("site-0", frame(A, 320), AT_MS);
  streams.take("kitchen", frame(A, 0, { count: 0, flags: AUDIO_FLAG.end }), AT_MS);

  expect(captures.map(({ siteId }) => siteId).filter((siteId) => siteId === "site-0").length).toBe(2);
  expect((await heard(captures[0])).length).toBe(13);
  expect(await heard(captures[1])).toEqual([0]);
});

test("a stream that is silent for 60 s is over, and begins anew when it goes on", async () => {
  const { captures, streams } = openStreams();
  streams.take("kitchen", frame(A, 0), 1_000);
  streams.take("hall", frame(B, 0), 2_000);
  streams.take("kitchen", frame(A, 320), 30_000);
  expect(streams.silentAtMs).toBe(62_000);

  expect(streams.forgetSilent(61_999)).toEqual([]);
  expect(streams.forgetSilent(62_000)).toEqual([captures[1]]);
  expect(streams.silentAtMs).toBe(90_000);
  streams.take("hall", frame(B, 640), 63_000);

  expect(await heard(captures[1])).toEqual([0]);
  expect(captures.map(({ siteId, captureId }) => [siteId, captureId])).toEqual([
    ["kitchen", A],
    ["hall", B],
    ["hall", B],
  ]);
  streams.end();
  expect([await heard(captures[2]), streams.silentAtMs]).toEqual([[640], undefined]);
});

test("a stream that was left is joined where it is, and one that is over is not", async () => {
  const { captures, streams } = openStreams();
  streams.take("kitchen", frame(A, 0), AT_MS);
  expect(streams.rejoin("kitchen")).toBeUndefined();
  captures[0]?.queue.leave();
  streams.take("kitchen", frame(A, 320), AT_MS);

  const again = streams.rejoin("kitchen");
  streams.take("kitchen", frame(A, 640), AT_MS);
  streams.take("kitchen", frame(A, 960, { flags: AUDIO_FLAG.end }), AT_MS);

  expect([again?.captureId, await heard(again)]).toEqual([A, [640, 960]]);
  expect(streams.rejoin("kitchen")).toBeUndefined();
  expect(streams.rejoin("hall")).toBeUndefined();
});
