import { recorder, within } from "@ts-tars/harness";
import { afterEach, expect, test } from "vitest";
import type { ServiceEntry } from "../services.ts";
import { childRunner } from "./child-runner.ts";
import type { Supervised } from "./supervisor.ts";
import { Supervisor } from "./supervisor.ts";

const PUPIL: ServiceEntry = {
  name: "pupil",
  what: "learns",
  main: () => new URL("./pupil.fixture.ts", import.meta.url).href,
  load: () => Promise.reject(new Error("not in this process")),
};
const started = new Set<number>();
afterEach(() => {
  for (const pid of started) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }
});

function startPupil(behaviour = "obey") {
  const lines = recorder<string>();
  const runner = childRunner({
    env: () => ({ ...process.env, PUPIL: behaviour }),
    onLine: (_entry, line) => lines.push(line),
  });
  const pupil = runner.start(PUPIL);
  if (pupil.pid !== undefined) started.add(pupil.pid);
  return { pupil, lines, runner };
}

test("a child that says it is ready is ready, and what it writes is handed on line by line", async () => {
  const { pupil, lines } = startPupil();

  await within(10_000, pupil.ready);

  await lines.until((line) => line === '{"level":"info","msg":"here"}');
  pupil.stop();
  expect(await within(10_000, pupil.exited)).toEqual({ cause: "ended with code 0", isFinal: false });
});

test("a child that crashes has ended by its signal", async () => {
  const { pupil } = startPupil("crash");

  expect(await within(10_000, pupil.exited)).toEqual({ cause: "killed by SIGABRT", isFinal: false });
});

test("a child that says why it gives up has ended for good, in its own words", async () => {
  const { pupil } = startPupil("refuse");

  expect(await within(10_000, pupil.exited)).toEqual({ cause: "The settings are wrong.", isFinal: true });
});

test("a killed service is started again, and stopped for good when asked", async () => {
  const { runner } = startPupil();
  const states = recorder<Supervised>(({ state, pid }) => `${state.kind} ${pid}`);
  const supervisor = new Supervisor(PUPIL, { runner, onChange: states.push });
  supervisor.start();
  const first = await states.until(({ state }) => state.kind === "running");

  process.kill(first.pid ?? 0, "SIGKILL");

  const waiting = await states.until(({ state }) => state.kind === "waiting");
  const second = await states.until(({ state, pid }) => state.kind === "running" && pid !== first.pid);
  await within(10_000, supervisor.stop());
  expect(waiting.state).toMatchObject({ cause: "killed by SIGKILL" });
  expect(second.pid).not.toBe(first.pid);
  expect(supervisor.supervised.state.kind).toBe("stopped");
});
