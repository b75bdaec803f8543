/** Runs one program of a README against a Mosquitto of its own, and says what did not come as the README promises. */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Link, openBroker, openLink, within } from "@ts-tars/harness";
import { type Block, talkingTo } from "./blocks.ts";

/** Installed code that is loaded for the first time, on a busy machine, and then 2 000 jobs. */
const PROGRAM_DEADLINE_MS = 90_000;

/** What a program needs beside itself. */
export interface Stage {
  /** The folder that it was compiled in. */
  readonly folder: string;
  /** The Node that runs it. */
  readonly node: string;
  /** What somebody does while a program runs that does not end by itself. @returns what was wrong. */
  readonly meanwhile: (link: Link) => Promise<readonly string[]>;
}

/** Everything that differs from what the README says; empty when nothing does. */
export async function runBlock(block: Block, { folder, node, meanwhile }: Stage): Promise<readonly string[]> {
  await using broker = await openBroker({ persistence: false });
  await using link = await openLink({ target: broker.target });
  const program = await prepare(block, { folder, url: link.url });
  const child = spawn(node, [program], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const printed = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.err += text));
  const ended = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(signal ?? `code ${code}`));
  });
  const faults: string[] = [];
  try {
    if (block.ends === "at SIGTERM") {
      faults.push(...(await meanwhile(link)));
      child.kill("SIGTERM");
    }
    const how = await within(PROGRAM_DEADLINE_MS, ended, () => `the end of ${block.file}; it printed ${printed.out}`);
    if (how !== "code 0") faults.push(`it ended with ${how}`);
  } finally {
    child.kill("SIGKILL"); // changes nothing when it has ended
    await ended;
  }
  if (block.prints !== undefined && printed.out !== block.prints) faults.push(`it printed\n${printed.out}`);
  return faults.length === 0 ? [] : [...faults, ...(printed.err === "" ? [] : [`and said\n${printed.err}`])];
}

/** Types were checked as the README has it; only what runs is told of the broker. */
async function prepare(
  { file }: Block,
  { folder, url }: { readonly folder: string; readonly url: string },
): Promise<string> {
  const compiled = file.replace(/\.ts$/, ".js");
  const program = join(folder, "built", `run-${compiled}`);
  await writeFile(program, talkingTo(url, await readFile(join(folder, "built", compiled), "utf8")));
  return program;
}
