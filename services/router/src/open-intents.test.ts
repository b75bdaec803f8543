import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "@ts-tars/mqtt";
import type { Health } from "@ts-tars/service";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BUILTIN_TEXT } from "./builtin-intents.fixture.ts";
import { openIntents } from "./open-intents.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "intents-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Opens a file, and what was complained of meanwhile. */
async function open(path: string | undefined) {
  const complaints: string[] = [];
  const health: Health = {
    ok: () => undefined,
    degraded: (reason, _remedy, part) => complaints.push(`${part}: ${reason}`),
    detail: () => undefined,
  };
  const silent = (): void => undefined;
  const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
  return { intents: await openIntents({ path, log, health }), complaints };
}

async function fileOf(text: string): Promise<string> {
  const path = join(folder, "mine.yaml");
  await writeFile(path, text);
  return path;
}

test("without a file of the user's own the built-in one is used", async () => {
  const { intents, complaints } = await open(undefined);

  expect(intents.book.intents.length).toBeGreaterThan(25);
  expect(intents.version).toMatch(/^[0-9a-f]{16}$/);
  expect(complaints).toEqual([]);
});

test("the user's own file takes the place of the built-in one, and has its own version", async () => {
  const path = await fileOf(BUILTIN_TEXT.replace('- "shut up"', '- "pipe down"'));

  const { intents, complaints } = await open(path);

  expect(intents.grammar.jsgf).toContain("pipe down");
  expect(intents.version).not.toBe((await open(undefined)).intents.version);
  expect(complaints).toEqual([]);
});

test("a file that changes only what is not taught to the recogniser keeps its version", async () => {
  const path = await fileOf(BUILTIN_TEXT.replace("say: You are welcome.", "say: My pleasure."));

  expect((await open(path)).intents.version).toBe((await open(undefined)).intents.version);
});

test.each([
  ["a broken file", "intents: 7", /^intents: ROUTER_INTENTS: .*mine\.yaml is not usable: line 1: /],
  [
    "a file with a broken template",
    BUILTIN_TEXT.replace('"shut up"', '"(shut up"'),
    /line 1\d\d: intents\.stop\.templates\.3: /,
  ],
])("%s is told, and the built-in one is used", async (_what, text, expected) => {
  const { intents, complaints } = await open(await fileOf(text));

  expect(intents.version).toBe((await open(undefined)).intents.version);
  expect(complaints).toEqual([expect.stringMatching(expected)]);
});

test("a file that is not there is told, and the built-in one is used", async () => {
  const { intents, complaints } = await open(join(folder, "nowhere.yaml"));

  expect(intents.book.intents.length).toBeGreaterThan(25);
  expect(complaints).toEqual([expect.stringMatching(/ENOENT/)]);
});
