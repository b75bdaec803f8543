import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepResult, readEarlier, type Surroundings } from "./results.ts";

const around: Surroundings = {
  date: "2026-11-27T10:11:12.345Z",
  machine: { name: "some-cpu-2-cores", cpu: "Some CPU", cores: 2, memoryBytes: 1, system: "linux" },
  versions: { node: "v24", mqttjs: "5.16.0", mosquitto: "2.0.11" },
  commit: "0123456",
  hasChanges: false,
};
const figure = { name: "cpu", better: "less", ours: 1, ratio: 0.5, sameSpread: Number.NaN };
const result = { ...around, bench: "bench", isQuick: false, cases: [{ case: "publish", figures: [figure] }] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ts-tars-results-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a result is kept under its date, machine and bench, and read again with what was not a number", () => {
  const path = keepResult(folder, result);

  expect(path).toBe(join(folder, "2026-11-27T10-11-12-some-cpu-2-cores-bench.json"));
  expect(readEarlier(folder, { machine: "some-cpu-2-cores", isQuick: false })).toMatchObject([
    { date: around.date, cases: [{ case: "publish", figures: [figure] }] },
  ]);
});

test("results of another machine, of another length, and of a broken rule are not looked back to", () => {
  const others = [
    { ...result, date: "2026-11-27T10:11:13.000Z", machine: { ...around.machine, name: "other" } },
    { ...result, date: "2026-11-27T10:11:14.000Z", isQuick: true },
    { ...result, date: "2026-11-27T10:11:15.000Z", broken: "outbox-bound" },
  ];

  for (const other of others) keepResult(folder, other);

  expect(readEarlier(folder, { machine: "some-cpu-2-cores", isQuick: false })).toEqual([]);
});

test("other files in the folder, or no folder, are nothing to look back to", () => {
  writeFileSync(join(folder, "notes.json"), '{"hello":1}');
  writeFileSync(join(folder, "README.md"), "no JSON");

  expect(readEarlier(folder, { machine: "some-cpu-2-cores", isQuick: false })).toEqual([]);
  expect(readEarlier(join(folder, "missing"), { machine: "some-cpu-2-cores", isQuick: false })).toEqual([]);
});
