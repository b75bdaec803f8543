import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogFile } from "./log-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tars-log-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test("a log is appended to, across lives, and only its owner may read it", () => {
  const path = join(directory, "logs", "router.log");

  for (const line of ["first\n", "second\n"]) {
    const log = new LogFile(path);
    log.write(line);
    log.close();
  }

  expect(readFileSync(path, "utf8")).toBe("first\nsecond\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a full log is set aside once and a new one begins, so that two files are all there is", () => {
  const path = join(directory, "router.log");
  const log = new LogFile(path);
  const megabyte = `${"x".repeat(1024 * 1024)}\n`;

  for (let written = 0; written < 13; written += 1) log.write(megabyte);
  log.close();

  expect(existsSync(`${path}.1`)).toBe(true);
  expect(statSync(path).size + statSync(`${path}.1`).size).toBeLessThan(13 * megabyte.length);
  expect(statSync(path).size).toBeLessThan(6 * megabyte.length);
});
