import { systemHealth } from "@ts-tars/contracts";
import { manualClock, recorder } from "@ts-tars/harness";
import type { ClientState } from "@ts-tars/mqtt";
import { expect, test } from "vitest";
import { type HealthMessage, HealthReporter } from "./health-reporter.ts";
import { CONTROL_DOWN_LIMIT_MS } from "./health-state.ts";

const IDENTITY = { boot: "0".repeat(32), version: "1.0.0", pid: 7 };
const TOPIC = systemHealth.at({ service: "parrot" });
const up = (control: "up" | "down"): ClientState => ({
  kind: "up",
  url: "mqtt://box",
  protocol: "5",
  sessionPresent: false,
  control,
  epoch: 1,
});

/** A reporter behind a client whose states the test decides. */
function reporting({ isConnected = true } = {}) {
  const clock = manualClock();
  const reporter = new HealthReporter({ identity: IDENTITY, clock, epochSec: () => 1_700_000_000 });
  const presence = reporter.presence(TOPIC);
  const said = recorder<HealthMessage>(({ event, ok }) => `${event} ${ok}`);
  const states = Promise.withResolvers<void>();
  const queue: ClientState[] = [];
  let wake = states.resolve;
  async function* watch() {
    for (;;) {
      const state = queue.shift();
      if (state !== undefined) yield state;
      else {
        const more = Promise.withResolvers<void>();
        wake = more.resolve;
        await more.promise;
      }
    }
  }
  void reporter.follow({ connected: isConnected, watch }, said.push);
  const become = async (state: ClientState) => {
    queue.push(state);
    wake();
    await clock.advance(0);
  };
  return { clock, reporter, presence, said, become };
}

test("the birth says what is true at that moment, with its session", () => {
  const { reporter, presence } = reporting();
  reporter.ready();

  expect(presence.birth("s1")).toMatchObject({ ok: true, event: "ready", session: "s1", timestamp: 1_700_000_000 });
});

test("a change is published with the session of the present connection", () => {
  const { reporter, presence, said } = reporting();
  presence.birth("s1");
  presence.birth("s2");

  reporter.degraded("No voice.", "Install espeak-ng.");

  expect(said.seen).toMatchObject(
    [{ event: "starting" }, { degraded: ["No voice. Install espeak-ng."], session: "s2" }].slice(1),
  );
});

test("what changes nothing is not published again", () => {
  const { reporter, presence, said } = reporting();
  presence.birth("s1");

  reporter.ready();
  reporter.ready();
  reporter.ok();
  reporter.detail({ engine: "null" });
  reporter.detail({ engine: "null" });

  expect(said.seen.map(({ event, detail }) => [event, detail?.["engine"]])).toEqual([
    ["ready", undefined],
    ["ready", "null"],
  ]);
});

test("before the first birth and between connections nothing is published", () => {
  const unborn = reporting();
  unborn.reporter.ready();

  const between = reporting({ isConnected: false });
  between.presence.birth("s1");
  between.reporter.ready();

  expect([...unborn.said.seen, ...between.said.seen]).toEqual([]);
});

test("a control link that stays down is told when its time is over, and when it is back", async () => {
  const { reporter, presence, said, become, clock } = reporting();
  presence.birth("s1");
  reporter.ready();
  await become(up("up"));
  await become(up("down"));

  await clock.advance(CONTROL_DOWN_LIMIT_MS);
  await become(up("up"));

  expect(said.seen.map(({ event, ok, control }) => [event, ok, control]).slice(-3)).toEqual([
    ["ready", true, "down"],
    ["control_down", false, "down"],
    ["ready", true, "up"],
  ]);
});

test("once stopping, nothing the service still says makes it healthy again", () => {
  const { reporter, presence, said } = reporting();
  presence.birth("s1");
  reporter.ready();

  reporter.stopping();
  reporter.ok();
  reporter.degraded("No voice.", "Install espeak-ng.");

  expect(said.seen.at(-1)).toMatchObject({ ok: false, event: "shutdown" });
});

test("the will that the broker keeps and the goodbye of an orderly end differ in their event", () => {
  const { presence } = reporting();

  expect(presence.will("s1", false)).toMatchObject({ ok: false, event: "lost", session: "s1" });
  expect(presence.will("s1", true)).toMatchObject({ ok: false, event: "shutdown", session: "s1" });
});
