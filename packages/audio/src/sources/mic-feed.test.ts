import type { SoundFrame } from "@ts-tars/contracts";
import { manualClock, within } from "@ts-tars/harness";
import type { Client } from "@ts-tars/mqtt";
import { expect, test } from "vitest";
import type { AudioFrame } from "../frame.ts";
import { type CaptureBeginning, openMicFeed } from "./mic-feed.ts";

const [A, B] = ["a".repeat(16), "b".repeat(16)] as const;

type Handler = (message: { readonly data: SoundFrame; readonly params: { readonly site: string } }) => void;

/** A feed whose messages come when the test says so, several in one breath. */
function openFeed() {
  const clock = manualClock();
  const handlers: Handler[] = [];
  const captures: CaptureBeginning[] = [];
  const subscribe = (_topic: unknown, handler: Handler) => {
    handlers.push(handler);
    return { active: Promise.resolve(), stop: async () => undefined };
  };
  const client = { subscribe } as unknown as Client; // all that a feed asks of it
  const feed = openMicFeed({ client, clock, onCapture: (capture) => captures.push(capture) });
  const take = (streamId: string, position: number): void => {
    const data = { sequence: 0, stream_id: streamId, position, flags: 0, bytes: new Uint8Array(640) };
    for (const handler of handlers) handler({ data, params: { site: "kitchen" } });
  };
  return { feed, clock, captures, take };
}

const { signal } = new AbortController();

async function idsOf(frames: AsyncIterable<AudioFrame>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { captureId } of frames) ids.push(captureId);
  return ids;
}

test("of two streams that begin in one breath the newer one is heard, though the older was about to be read", async () => {
  const { feed, take } = openFeed();
  take(A, 0);
  const reading = idsOf(feed.sourceOf("kitchen").frames(signal));
  take(B, 0);
  expect(await reading).toEqual([A]);

  const next = idsOf(feed.sourceOf("kitchen").frames(signal));
  await feed[Symbol.asyncDispose]();

  expect(await within(5_000, next)).toEqual([B]);
});

test("a microphone that falls silent without a word gives its place back after 60 s, and is heard when it goes on", async () => {
  const { feed, clock, captures, take } = openFeed();
  take(A, 0);
  const reading = idsOf(feed.sourceOf("kitchen").frames(signal));
  await clock.advance(60_000);
  expect(await within(5_000, reading)).toEqual([A]);
  expect(clock.pendingCount).toBe(0);

  take(A, 960_000);

  expect(captures.length).toBe(2);
  await feed[Symbol.asyncDispose]();
  expect(clock.pendingCount).toBe(0);
});

test("what nobody has read within its 60 s is not read by who comes later", async () => {
  const { feed, clock, take } = openFeed();
  take(A, 0);
  await clock.advance(60_000);

  const late = idsOf(feed.sourceOf("kitchen").frames(signal));
  take(B, 0);
  await feed[Symbol.asyncDispose]();

  expect(await within(5_000, late)).toEqual([B]);
});
