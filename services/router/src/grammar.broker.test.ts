/** The lane of real outside programs: whether the recogniser takes the grammar, and hears commands by it. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, type TestContext, test } from "vitest";
import { understand } from "./intents.ts";
import { openIntents } from "./open-intents.ts";

const run = promisify(execFile);
const DICTIONARY = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict";

/** Skips where a program is missing, and says which. */
async function need(context: TestContext, ...programs: readonly string[]): Promise<void> {
  for (const program of programs) {
    const isThere = await run("sh", ["-c", `command -v ${program}`]).then(
      () => true,
      () => false,
    );
    context.skip(!isThere, `${program} is not installed`);
  }
}

test("the recogniser takes the grammar, and hears spoken commands by it as the robot understands them", async (context) => {
  await need(context, "pocketsphinx_continuous", "flite", "sox");
  context.skip(!existsSync(DICTIONARY), `${DICTIONARY} is missing: install pocketsphinx-en-us`);
  const folder = await mkdtemp(join(tmpdir(), "grammar-"));
  try {
    const silent = (): void => undefined;
    const { book, grammar } = await openIntents({
      path: undefined,
      log: { debug: silent, info: silent, warn: silent, error: silent },
      health: { ok: silent, degraded: silent, detail: silent },
    });
    const pronounced = grammar.words.map(({ word, phones }) => `${word} ${phones}\n`).join("");
    await writeFile(join(folder, "intents.gram"), grammar.jsgf);
    await writeFile(join(folder, "intents.dict"), (await readFile(DICTIONARY, "utf8")) + pronounced);
    const hear = async (text: string): Promise<string> => {
      const [spoken, wav] = [join(folder, "spoken.wav"), join(folder, "mono.wav")];
      await run("flite", ["-voice", "slt", "-t", text, "-o", spoken]);
      await run("sox", [spoken, "-r", "16000", "-c", "1", wav, "pad", "0.3", "0.5"]);
      const files = ["-infile", wav, "-jsgf", "intents.gram", "-dict", "intents.dict", "-logfn", "/dev/null"];
      const { stdout } = await run("pocketsphinx_continuous", files, { cwd: folder });
      return stdout.trim();
    };

    const heard = [
      await hear("set a timer for twenty five minutes"),
      await hear("what time is it"),
      await hear("turn the volume down"),
    ].map((text) => understand(text, book));

    expect(heard).toMatchObject([
      { name: "timer_set", slots: { duration: "1500" } },
      { name: "time", slots: {} },
      { name: "volume_down", slots: {} },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
