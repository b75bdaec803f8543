import { expect, test } from "vitest";
import { givenUpOf, neglectOf } from "./neglect.ts";
import type { Attachment } from "./recording.ts";

function attachment(told: Partial<Attachment>): Attachment {
  const usual = { connection: 1, connectedAtMs: 0, endedAtMs: 10_000, sessionPresent: false, isCleanStart: false };
  return { ...usual, hasSubscribed: true, ...told };
}

test("a client that subscribed once is heard for as long as its session lasts, and deaf from the next one on", () => {
  const isNeglected = neglectOf([
    attachment({}),
    attachment({ connection: 2, connectedAtMs: 20_000, endedAtMs: 30_000, sessionPresent: true, hasSubscribed: false }),
    attachment({ connection: 3, connectedAtMs: 40_000, endedAtMs: 50_000, hasSubscribed: false }),
    attachment({ connection: 4, connectedAtMs: 60_000, endedAtMs: 70_000, sessionPresent: true, hasSubscribed: false }),
  ]);

  const deaf = [5_000, 15_000, 25_000, 45_000, 55_000, 65_000].filter(isNeglected);

  expect(deaf).toEqual([45_000, 65_000]);
});

test("a session is given up by a clean start only, and not by the first one", () => {
  const isGivenUp = givenUpOf([
    attachment({ isCleanStart: true }),
    attachment({ connection: 3 }),
    attachment({ connection: 5, isCleanStart: true }),
  ]);

  expect([1, 3, 4, 5].filter(isGivenUp)).toEqual([3, 4]);
});
