/** The short form of the scorecard, as a program: every kind of fault once, on a fleet that speaks both versions. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { mixedFaults } from "./cases/mixed-faults.ts";
import type { CaseReport } from "./report.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** A good minute where nothing else is done; the program has deadlines of its own, and this one is for a machine at its limit. */
const TIMEOUT_MS = 600_000;

test("no message is lost, doubled or overtaken by the client while everything breaks once", {
  timeout: TIMEOUT_MS,
}, async () => {
  const program = ["--conditions=ts-tars-source", "bench/scorecard/scorecard.ts", "--short", "--json"];
  const child = spawn(process.execPath, program, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill());

  const [output, progress] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);

  // Where there is no report, what was seen says why.
  expect(output, progress).toContain('"cases"');
  const { seed, cases }: { readonly seed: number; readonly cases: readonly CaseReport[] } = JSON.parse(output);
  const struck = cases.flatMap(({ faults }) => faults.map(({ name }) => name));
  const columns = cases.flatMap((report) => report.columns);
  const missed = columns.flatMap(({ name, bars, guilty }) =>
    bars.filter(({ isMet }) => !isMet).map(({ bar, value }) => ({ name, figure: bar.figure, value, guilty })),
  );
  expect(missed, `seed ${seed}\n${progress}`).toEqual([]);
  expect(columns.map(({ name }) => name)).toEqual(mixedFaults.short?.columns);
  expect(new Set(struck)).toEqual(new Set(mixedFaults.faults.map(({ name }) => name)));
  for (const { figures } of columns) expect(figures.delivered).toBeGreaterThan(0);
});
