import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findProgram } from "./find-program.ts";

interface Folders extends AsyncDisposable {
  readonly first: string;
  readonly second: string;
}

async function openFolders(): Promise<Folders> {
  const root = await mkdtemp(join(tmpdir(), "find-program-"));
  const [first, second] = [join(root, "first"), join(root, "second")];
  await Promise.all([mkdir(first), mkdir(second)]);
  return { first, second, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}

async function put(file: string, mode: number): Promise<string> {
  await writeFile(file, "#!/bin/sh\n");
  await chmod(file, mode);
  return file;
}

test("the first folder of the path that has the program as something to run is taken", async () => {
  await using folders = await openFolders();
  await put(join(folders.first, "player"), 0o644);
  await mkdir(join(folders.first, "recorder"));
  const player = await put(join(folders.second, "player"), 0o755);
  const recorder = await put(join(folders.second, "recorder"), 0o755);
  const path = `${folders.first}::/nowhere:${folders.second}`;

  expect(await findProgram("player", path)).toBe(player);
  expect(await findProgram("recorder", path)).toBe(recorder);
});

test("what is on no folder of the path is not found", async () => {
  await using folders = await openFolders();

  expect(await findProgram("player", folders.first)).toBeUndefined();
});

test("a name with a slash is taken as it is", async () => {
  await using folders = await openFolders();
  const player = await put(join(folders.first, "player"), 0o755);

  expect(await findProgram(player, "/nowhere")).toBe(player);
  expect(await findProgram(join(folders.first, "other"), folders.first)).toBeUndefined();
});
