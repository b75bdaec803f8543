/** The processes of a robot, as Linux tells of them in /proc. */
import { readdir, readFile } from "node:fs/promises";
import { until } from "@ts-tars/harness";

/** One process, and who started it. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parentPid: number;
  readonly command: string;
}

/** All that run now; one that ends meanwhile is left out. */
export async function allProcesses(): Promise<readonly ProcessFacts[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name)).map(Number);
  return (await Promise.all(pids.map(factsOf))).filter((facts) => facts !== undefined);
}

/** A process and everything that it and its children have started. */
export async function familyOf(pid: number): Promise<readonly ProcessFacts[]> {
  const all = await allProcesses();
  const withChildren = (parentPid: number): readonly ProcessFacts[] =>
    all.filter((one) => one.parentPid === parentPid).flatMap((one) => [one, ...withChildren(one.pid)]);
  return [...all.filter((one) => one.pid === pid), ...withChildren(pid)];
}

/** The first child that appears; an engine may live for 50 ms only. Undefined when given up. */
export async function nextChildOf(parentPid: number, signal: AbortSignal): Promise<number | undefined> {
  const look = async (): Promise<number | "given up" | undefined> => {
    const text = await readFile(`/proc/${parentPid}/task/${parentPid}/children`, "utf8").catch(() => "");
    const [first] = text
      .trim()
      .split(" ")
      .filter((part) => part !== "");
    if (first !== undefined) return Number(first);
    return signal.aborted ? "given up" : undefined;
  };
  const found = await until(look, { deadlineMs: GIVEN_UP_MS });
  return found === "given up" ? undefined : found;
}

/** Over every deadline of the command that is awaited meanwhile. */
const GIVEN_UP_MS = 180_000;

async function factsOf(pid: number): Promise<ProcessFacts | undefined> {
  try {
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
    ]);
    // The name stands in brackets and may hold anything; state and parent follow behind the last one.
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z") return undefined;
    return { pid, parentPid: Number(parent), command: command.replaceAll("\0", " ").trim() };
  } catch {
    return undefined;
  }
}
