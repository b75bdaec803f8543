import { manualClock } from "@ts-tars/harness";
import type { Client } from "@ts-tars/mqtt";
import { expect, test } from "vitest";
import { NO_WORKERS, peersOf } from "./peers.ts";
import { DEFAULT_RULES } from "./rules.ts";
import { type Happening, Site } from "./site.ts";

const LISTEN: Happening = {
  ...{ type: "listen_started", uttId: "t1", speak: "auto", captureId: undefined, fromSample: undefined },
};
const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A client whose outbox is full. */
function openFullClient(): Client {
  const refuse = (): never => {
    throw new Error("The outbox is full.");
  };
  // A site needs no more of it.
  return { keep: () => ({ changed: refuse, stop: () => undefined }), publish: refuse } as unknown as Client; // played by hand
}

test("a site whose words cannot be published, because the outbox is full, still reaches its deadlines", async () => {
  const clock = manualClock();
  const due: string[] = [];
  const site = new Site("kitchen", peersOf(NO_WORKERS, "kitchen"), {
    ...{ client: openFullClient(), log: QUIET, clock, rules: () => DEFAULT_RULES, boot: "b", newId: () => "id" },
    keeper: { keep: () => undefined },
    post: (siteId, { type }) => due.push(`${siteId} ${type}`),
  });

  site.handle(LISTEN);
  await clock.advance(DEFAULT_RULES.listening.atMostMs);

  expect(due).toContain("kitchen time_passed");
  site.close();
});
