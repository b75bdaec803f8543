import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ManualClock, manualClock, plantedSecret, until, within } from "@ts-tars/harness";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseConfigFile } from "./file.ts";
import { type Decide, updateConfigFile } from "./update-file.ts";

const SECRET = plantedSecret("sunflower");

const WRITER = fileURLToPath(new URL("./writer.fixture.ts", import.meta.url));

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tars-update-"));
  path = join(folder, "config.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

const setting =
  (key: string, value: string | number, holdsSecret = false): Decide =>
  () => ({ edits: [{ section: "parrot", key, value }], holdsSecret });
/** What a program prints until it has ended. */
async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  await within(50_000, once(child, "close"), () => `it runs on, and said: ${said}`);
  return said;
}

const write = (section: string, times: number): Promise<string> =>
  outputOf(process.execPath, ["--conditions=ts-tars-source", WRITER, path, section, String(times)]);

/** Moves the clock beside the real files until it is so; how far it was moved. */
async function advanceUntil(clock: ManualClock, isSo: () => boolean): Promise<number> {
  const startMs = clock.nowMs();
  await until(async () => {
    if (clock.pendingCount > 0) await clock.advance(50);
    return isSo();
  });
  return clock.nowMs() - startMs;
}

const modeOf = (file: string): number => statSync(file).mode & 0o777;

test("the change is in the file, and nothing else is left behind", async () => {
  writeFileSync(path, "# mine\nparrot:\n  mood: wild\n");

  expect(await updateConfigFile(path, setting("perches", 4))).toEqual({ kind: "done" });

  expect(readFileSync(path, "utf8")).toBe("# mine\nparrot:\n  mood: wild\n  perches: 4\n");
  expect(readdirSync(folder)).toEqual(["config.yaml"]);
});

test("folder and file are made when they are missing, for this user alone", async () => {
  const deep = join(folder, "a", "b", "config.yaml");

  expect(await updateConfigFile(deep, setting("perches", 4))).toEqual({ kind: "done" });

  expect([modeOf(join(folder, "a")), modeOf(join(folder, "a", "b")), modeOf(deep)]).toEqual([0o700, 0o700, 0o600]);
});

test.each([
  [0o644, false, 0o644],
  [0o664, false, 0o664],
  [0o600, false, 0o600],
  [0o644, true, 0o600],
  [0o400, true, 0o400],
])(
  "a file of mode %o stays as it is, and is its owner's alone once a secret comes in (%s): %o",
  async (before, holdsSecret, after) => {
    writeFileSync(path, "parrot:\n  mood: wild\n");
    chmodSync(path, before);

    await updateConfigFile(path, setting("api_key", SECRET, holdsSecret));

    expect(modeOf(path)).toBe(after);
  },
);

test("a link to a file that is kept elsewhere stays a link", async () => {
  mkdirSync(join(folder, "dotfiles"));
  const real = join(folder, "dotfiles", "tars.yaml");
  writeFileSync(real, "parrot:\n  mood: wild\n");
  symlinkSync(real, path);

  await updateConfigFile(path, setting("perches", 4));

  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, "utf8")).toContain("perches: 4");
});

test("a file that is broken is refused with its line, and left as it is", async () => {
  const broken = `parrot:\n  api_key: "${SECRET}\n`;
  writeFileSync(path, broken);

  const update = await updateConfigFile(path, setting("perches", 4));

  expect(update).toEqual({ kind: "refused", problem: expect.stringMatching(/config\.yaml:\d+:\d+: not valid YAML/u) });
  expect(JSON.stringify(update)).not.toContain(SECRET);
  expect(readFileSync(path, "utf8")).toBe(broken);
});

test("nothing to change touches nothing", async () => {
  writeFileSync(path, "parrot:\n  mood: wild\n");
  const before = statSync(path);

  expect(await updateConfigFile(path, () => undefined)).toEqual({ kind: "done" });
  expect(await updateConfigFile(path, () => ({ edits: [], holdsSecret: true }))).toEqual({ kind: "done" });

  expect([statSync(path).ino, statSync(path).mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});

test("where nothing can be written the refusal says why", async () => {
  expect(await updateConfigFile("/proc/ts-tars/config.yaml", setting("perches", 4))).toEqual({
    kind: "refused",
    problem: expect.stringMatching(/^\/proc\/ts-tars\/config\.yaml cannot be written: .*\.$/u),
  });
});

test("a disk that takes no more is a refusal, the file stays whole, and nothing is left behind", async () => {
  writeFileSync(path, "parrot:\n  mood: wild\n");

  // No file of this process may grow beyond 0 bytes.
  const command = `ulimit -f 0; exec "${process.execPath}" --conditions=ts-tars-source "${WRITER}" "${path}" parrot 1`;
  const said = await outputOf("sh", ["-c", command]);

  expect(said).toMatch(/config\.yaml cannot be written: /u);
  expect(readdirSync(folder)).toEqual(["config.yaml"]);
  expect(readFileSync(path, "utf8")).toBe("parrot:\n  mood: wild\n");
});

test("a person who saves the file meanwhile loses nothing: the change is decided again", async () => {
  writeFileSync(path, "parrot:\n  mood: wild\n");
  const seen: (readonly string[])[] = [];

  await updateConfigFile(path, ({ sections }) => {
    seen.push([...(sections.get("parrot")?.keys() ?? [])]);
    if (seen.length === 1) writeFileSync(path, "parrot:\n  mood: calm\n  words: hi\n");
    return { edits: [{ section: "parrot", key: "perches", value: 4 }], holdsSecret: false };
  });

  expect(seen).toEqual([["mood"], ["mood", "words"]]);
  expect(readFileSync(path, "utf8")).toBe("parrot:\n  mood: calm\n  words: hi\n  perches: 4\n");
});

test("a file that somebody else changes each time is given up, and said so", async () => {
  let count = 0;
  const update = await updateConfigFile(path, () => {
    count += 1;
    writeFileSync(path, `parrot:\n  count: ${count}\n`);
    return { edits: [{ section: "parrot", key: "perches", value: 4 }], holdsSecret: false };
  });

  expect(update).toEqual({ kind: "refused", problem: expect.stringContaining("by somebody else: try again") });
  expect(readFileSync(path, "utf8")).toBe(`parrot:\n  count: ${count}\n`);
});

test("the lock and the draft of a process that died are cleared away after 4 s, and no sooner", async () => {
  const clock = manualClock();
  writeFileSync(`${path}.lock`, "a dead one's");
  writeFileSync(`${path}.0123456789abcdef.new`, "parrot:\n  half: a li");
  writeFileSync(`${path}.mine.new`, "a person's own");
  let isDone = false;
  const update = updateConfigFile(path, setting("perches", 4), clock).finally(() => {
    isDone = true;
  });

  const reachedMs = await advanceUntil(clock, () => isDone);

  expect(await update).toEqual({ kind: "done" });
  expect(reachedMs).toBeGreaterThanOrEqual(4_000);
  expect(readdirSync(folder).toSorted()).toEqual(["config.yaml", "config.yaml.mine.new"]);
});

test("a lock that passes from one to the next is waited for, and not broken", async () => {
  const clock = manualClock();
  let holder = 0;
  const update = updateConfigFile(path, setting("perches", 4), clock);
  let isDone = false;
  void update.finally(() => {
    isDone = true;
  });

  writeFileSync(`${path}.lock`, `holder ${holder}`);
  await advanceUntil(clock, () => {
    holder += 1;
    if (!isDone) writeFileSync(`${path}.lock`, `holder ${holder}`);
    return isDone;
  });

  expect(await update).toEqual({ kind: "refused", problem: expect.stringContaining("by somebody else: try again") });
  expect(existsSync(path)).toBe(false);
});

test("two processes that change the file at the same time lose nothing of each other", async () => {
  const times = 25;
  writeFileSync(path, "# mine\nowl:\n  tree: oak\n");

  const outputs = await Promise.all(["parrot", "wren"].map((section) => write(section, times)));

  expect(outputs).toEqual(["", ""]);
  const { file, problems } = parseConfigFile(readFileSync(path, "utf8"), { path });
  expect(problems).toEqual([]);
  expect(file.sections.get("owl")?.get("tree")?.value).toBe("oak");
  for (const section of ["parrot", "wren"]) {
    const keys = [...(file.sections.get(section)?.keys() ?? [])];
    expect(keys).toHaveLength(times + 1);
    expect(file.sections.get(section)?.get("count")?.value).toBe(times);
  }
  expect(readdirSync(folder)).toEqual(["config.yaml"]);
}, 60_000);

test("a writer that is killed in the middle leaves a whole file, and the next one goes on", async () => {
  writeFileSync(path, "owl:\n  tree: oak\n");
  const child = spawn(process.execPath, ["--conditions=ts-tars-source", WRITER, path, "parrot", "100000"], {
    stdio: "ignore",
  });
  const gone = once(child, "exit");
  await until(() => readFileSync(path, "utf8").includes("count: 3"));
  child.kill("SIGKILL");
  await within(10_000, gone);

  const { file, problems } = parseConfigFile(readFileSync(path, "utf8"), { path });
  expect(problems).toEqual([]);
  expect(file.sections.get("owl")?.get("tree")?.value).toBe("oak");
  expect(await updateConfigFile(path, setting("perches", 4))).toEqual({ kind: "done" });
  expect(readdirSync(folder)).toEqual(["config.yaml"]);
}, 60_000);
