import { expect, test } from "vitest";
import { type CapturePace, complaintOf, follow } from "./capture-pace.ts";

const CAPTURE = "a".repeat(16);

/** Frames of 20 ms each `everyMs`, for so long. */
function hear(
  durationMs: number,
  everyMs: number,
  from?: { pace: CapturePace | undefined; atMs: number },
): CapturePace | undefined {
  let pace = from?.pace;
  const startMs = from?.atMs ?? 0;
  for (let ms = 0; ms <= durationMs; ms += everyMs) {
    pace = follow(pace, { captureId: CAPTURE, sample: (ms / everyMs) * 320, atMs: startMs + ms });
  }
  return pace;
}

test("a microphone at its rate, or a little off, is left alone", () => {
  expect([complaintOf(hear(10_000, 20)), complaintOf(hear(10_000, 19)), complaintOf(undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("samples of 48 000 Hz, sent as if they were of 16 000, are told with what to do", () => {
  expect(complaintOf(hear(2_900, 20 / 3))).toBeUndefined();
  expect(complaintOf(hear(6_000, 20 / 3))).toMatch(
    /sends about 48\d{3} samples a second instead of 16000.*Resample it\./,
  );
});

test("samples of 8 000 Hz are told too", () => {
  expect(complaintOf(hear(7_000, 40))).toContain("8000");
});

test("a burst after a stall is no rate, and a new capture begins anew", () => {
  const stalled = hear(2_000, 20);
  const burst = hear(400, 2, { pace: stalled, atMs: 4_000 });
  expect(complaintOf(burst)).toBeUndefined();

  const fresh = follow(hear(6_000, 5), { captureId: "b".repeat(16), sample: 0, atMs: 7_000 });
  expect(complaintOf(fresh)).toBeUndefined();
});
