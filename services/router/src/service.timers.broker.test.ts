import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HealthPing, systemHealth } from "@ts-tars/contracts";
import { recorder } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { openStage, type Stage } from "./stage.fixture.ts";
import { type KeptTimer, KeptTimers } from "./timers/kept-timers.ts";

const ALL = ["tts-worker", "llm-worker", "stt-worker"] as const;

interface StateFolder extends AsyncDisposable {
  readonly path: string;
  /** Opens a router that keeps its timers here. */
  open(): Promise<Stage>;
  kept(): Promise<{ readonly timers: readonly KeptTimer[] }>;
}

async function openFolder(): Promise<StateFolder> {
  const path = await mkdtemp(join(tmpdir(), "router-state-"));
  return {
    path,
    open: () => openStage({ workers: ALL, env: { ROUTER_STATE_DIR: path } }),
    kept: async () => KeptTimers.parse(JSON.parse(await readFile(join(path, "timers.json"), "utf8"))),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

test("a timer set in words rings until somebody comes, and is kept no longer", async () => {
  await using folder = await openFolder();
  {
    await using stage = await folder.open();

    const set = await stage.final(stage.ask("set a pasta timer for two seconds", { speak: "no" }));
    const rung = await stage.says.until(({ kind }) => kind === "alarm");
    stage.sound(rung, "speaking_start", { expected_ms: 100 });
    stage.sound(rung, "speaking_end", { reason: "done", spoken_ratio: 1 });
    const again = await stage.says.until(({ seq }) => seq === 1);
    await stage.final(stage.ask("stop"));

    expect(set).toMatchObject({ path: "intent", text: "Pasta timer set for 2 seconds.", intent: "timer_set" });
    expect(rung).toMatchObject({ text: "Time is up: the pasta timer.", site_id: "default" });
    expect(again).toMatchObject({ utt_id: rung.utt_id, kind: "alarm" });
    const report = await stage.reports.until(({ utt_id }) => utt_id === rung.utt_id);
    expect(report).toMatchObject({ origin: "timer", outcome: "answered" });
  }
  expect((await folder.kept()).timers).toEqual([]);
});

test("timers survive a restart: one goes on, one that was due meanwhile is said to be missed", async () => {
  await using folder = await openFolder();
  {
    await using stage = await folder.open();
    await stage.final(stage.ask("set a timer for two hours", { speak: "no" }));
    await stage.final(stage.ask("remind me in one hour to call my mother", { speak: "no" }));
  }
  const { timers, ...file } = await folder.kept();
  const missed = timers.map((timer) =>
    timer.reminder !== undefined ? { ...timer, due_ms: timer.due_ms - 2 * 3_600_000 } : timer,
  );
  await writeFile(join(folder.path, "timers.json"), JSON.stringify({ ...file, timers: missed }));

  await using stage = await folder.open();
  const said = await stage.says.until(({ kind }) => kind === "announce");
  const left = await stage.final(stage.ask("how much time is left on the timer", { speak: "no" }));

  expect(said.text).toMatch(
    /^I should have reminded you (59 minutes|1 hour).* ago, while I was off: call my mother\.$/,
  );
  expect(left.text).toMatch(/^(2 hours|1 hour and 59 minutes) left on your 2 hour timer\.$/);
});

test("a file that cannot be read is moved aside and told, and new timers are kept", async () => {
  await using folder = await openFolder();
  await writeFile(join(folder.path, "timers.json"), '{"version":1,"timers":[{"id":');
  {
    await using stage = await folder.open();
    const healths = recorder<HealthPing>();
    await stage.client.subscribe(systemHealth.at({ service: "router" }), ({ data }) => healths.push(data)).active;

    const told = await healths.until(({ event }) => event === "degraded");
    expect(told.degraded).toContainEqual(expect.stringMatching(/timers\.json\.unreadable/));
    await stage.final(stage.ask("set a timer for two hours", { speak: "no" }));
  }
  expect((await folder.kept()).timers).toHaveLength(1);
  expect(await readFile(join(folder.path, "timers.json.unreadable"), "utf8")).toBe('{"version":1,"timers":[{"id":');
});

test("a folder that cannot be written costs the restart, not the timer", async () => {
  await using stage = await openStage({ workers: ALL, env: { ROUTER_STATE_DIR: "/proc/nowhere" } });
  const healths = recorder<HealthPing>();
  await stage.client.subscribe(systemHealth.at({ service: "router" }), ({ data }) => healths.push(data)).active;

  await stage.final(stage.ask("set a timer for one second", { speak: "no" }));

  expect(await stage.says.until(({ kind }) => kind === "alarm")).toMatchObject({
    text: "Time is up: the 1 second timer.",
  });
  const told = await healths.until(({ event }) => event === "degraded");
  expect(told.degraded).toContainEqual(expect.stringMatching(/ROUTER_STATE_DIR/));
});
