import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plantedSecret } from "@ts-tars/harness";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunFile } from "./run-file.ts";
import {
  claimRunFile,
  incarnationOf,
  readRunFile,
  removeRunFile,
  runFilePath,
  writeRunFile,
} from "./run-file-store.ts";

const SECRET = plantedSecret("sunflower");

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tars-run-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const run = (): RunFile => ({
  pid: process.pid,
  incarnation: incarnationOf(process.pid),
  started_at: 1,
  url: "mqtt://127.0.0.1:1",
  host: "127.0.0.1",
  port: 1,
  username: "tars",
  password: SECRET,
  broker: { kind: "aedes", pid: undefined },
  services: {},
});
const alive = () => true;
const dead = () => false;

test("the run file of a living process is read, and only its owner may read it", () => {
  const path = join(directory, "deep", "run.json");

  writeRunFile(path, run());

  expect(readRunFile(path, alive)).toMatchObject({ url: "mqtt://127.0.0.1:1", password: SECRET });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("the run file of a dead process is void", () => {
  const path = join(directory, "run.json");
  writeRunFile(path, run());

  expect(readRunFile(path, dead)).toBeUndefined();
});

test("the run file of an earlier process with the same pid is void", () => {
  const path = join(directory, "run.json");
  writeRunFile(path, { ...run(), incarnation: "another" });

  expect(readRunFile(path, alive)).toBeUndefined();
});

test("the first to claim the run file gets it, the second is told of the first", () => {
  const path = join(directory, "deep", "run.json");
  const second = { ...run(), pid: process.pid + 1, url: "mqtt://127.0.0.1:2" };

  expect(claimRunFile(path, run(), alive)).toBeUndefined();
  expect(claimRunFile(path, second, alive)).toMatchObject({ pid: process.pid });
  expect(readRunFile(path, alive)?.url).toBe("mqtt://127.0.0.1:1");
});

test("the run file that a dead process left behind is claimed", () => {
  const path = join(directory, "run.json");
  writeRunFile(path, { ...run(), incarnation: "another" });

  expect(claimRunFile(path, run(), alive)).toBeUndefined();
  expect(readRunFile(path, alive)).toMatchObject({ pid: process.pid });
});

test("a missing or broken run file is none", () => {
  const path = join(directory, "run.json");
  expect(readRunFile(path, alive)).toBeUndefined();

  writeFileSync(path, '{"pid": 1, "ur');
  expect(readRunFile(path, alive)).toBeUndefined();
});

test("a process removes its own run file and leaves another's", () => {
  const path = join(directory, "run.json");
  writeRunFile(path, run());

  removeRunFile(path, process.pid + 1);
  expect(readRunFile(path, alive)).toBeDefined();

  removeRunFile(path, process.pid);
  expect(readRunFile(path, alive)).toBeUndefined();
});

test("the run file lies in the runtime directory where there is one, else in the state directory", () => {
  expect(runFilePath({ XDG_RUNTIME_DIR: "/run/user/7" })).toBe("/run/user/7/ts-tars/run.json");
  expect(runFilePath({ XDG_STATE_HOME: "/state" })).toBe("/state/ts-tars/run.json");
});
