import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { within } from "@ts-tars/harness";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

async function openFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "make-folder-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test("a folder and those above it are made for this user alone, once or twice", async () => {
  const path = join(await openFolder(), "a", "b", "c");

  await makeFolder(path);
  await makeFolder(path);

  expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect((await stat(join(path, ".."))).mode & 0o777).toBe(0o700);
});

test("where nothing can be made the system's reason comes back, and does so at once", async () => {
  const file = join(await openFolder(), "file");
  await writeFile(file, "");

  await expect(within(5_000, makeFolder(join(file, "deep")))).rejects.toThrow("ENOTDIR");
  await expect(within(5_000, makeFolder("/proc/none/deep"))).rejects.toThrow("ENOENT");
});
