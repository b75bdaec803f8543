import { manualClock, until } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { SYSTEM_CLOCK } from "../clock.ts";
import { type Log, SILENT_LOG } from "../log.ts";
import type { Transport, TransportEvents, TransportSettings } from "../transport/transport.ts";
import { Link, type LinkState } from "./link.ts";

const ENDED = { refusedCode: undefined, disconnectCode: undefined, byPeer: true };

/** A link whose transports do nothing but count, and end when they are told to. */
function openStage(log: Log = SILENT_LOG) {
  const clock = { ...manualClock(), epochMs: SYSTEM_CLOCK.epochMs };
  const attempts: TransportEvents[] = [];
  const states: LinkState["kind"][] = [];
  const ignore = (): void => undefined;
  const link = new Link(
    {
      name: "data",
      clientId: "parrot",
      clock,
      log,
      random: () => 1,
      open: (_settings: TransportSettings, events: TransportEvents): Transport => {
        attempts.push(events);
        return {
          protocol: "5",
          lastInboundAtMs: 0,
          writableBytes: 0,
          publish: ignore,
          puback: ignore,
          subscribe: async () => [],
          unsubscribe: async () => undefined,
          ping: ignore,
          disconnect: async () => undefined,
          destroy: ignore,
        };
      },
      prepare: async () => ({ settings: {} as TransportSettings, url: "mqtt://hub:1883" }), // nothing of it is read here
      protocol: "auto",
      backoff: { minDelayMs: 500, maxDelayMs: 5_000 },
      watchdog: { probeAfterMs: 5_000, probeTimeoutMs: 5_000 },
      attemptTimeoutMs: 5_000,
      mayBePoisoned: () => false,
    },
    {
      onState: ({ kind }) => states.push(kind),
      onUp: ignore,
      onPublish: ignore,
      onPuback: ignore,
      onDrain: ignore,
      onEnded: ignore,
      onFatal: ignore,
    },
  );
  return { link, attempts, states, clock };
}

test("a link that is started twice dials once", async () => {
  const { link, attempts, clock } = openStage();

  link.start();
  link.start();
  await until(() => attempts.length > 0);
  await clock.advance(0);

  expect(attempts).toHaveLength(1);
  await link.close({ withinMs: 1 });
});

test("a link that ended dials again after its delay, with a transport of its own", async () => {
  const { link, attempts, clock, states } = openStage();
  link.start();
  await until(() => attempts.length === 1);

  attempts[0]?.onEnded({ ...ENDED, error: new Error("gone") });
  await clock.advance(499);
  expect(attempts).toHaveLength(1);
  await clock.advance(2);
  await until(() => attempts.length === 2);

  expect(states).toEqual(["connecting", "down", "connecting"]);
  await link.close({ withinMs: 1 });
});

test("of a long outage the first three failures are told, then every fortieth", async () => {
  const told: number[] = [];
  let failures = 0;
  const { link, attempts, clock } = openStage({ ...SILENT_LOG, warn: () => void told.push(failures) });
  link.start();

  for (failures = 1; failures <= 81; failures += 1) {
    await until(() => attempts.length === failures);
    attempts.at(-1)?.onEnded({ ...ENDED, error: new Error("gone") });
    await clock.advance(5_001);
  }

  expect(told).toEqual([1, 2, 3, 41, 81]);
  await link.close({ withinMs: 1 });
});

test("a link that was closed while it prepared never dials", async () => {
  const { link, attempts, clock } = openStage();

  link.start();
  await link.close({ withinMs: 1 });
  await clock.advance(10_000);

  expect(attempts).toEqual([]);
  expect(clock.pendingCount).toBe(0);
});
