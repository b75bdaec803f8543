import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { InProcessResult, InProcessRun } from "./in-process-run.ts";

/** Measures in a process of its own, which has compiled and collected nothing for anybody else. */
export async function measureInProcess(run: InProcessRun, signal: AbortSignal): Promise<InProcessResult> {
  const child = fork(fileURLToPath(new URL("run-in-process.ts", import.meta.url)), {
    execArgv: ["--conditions=ts-tars-source", "--expose-gc"],
    signal,
  });
  let result: InProcessResult | undefined;
  child.once("message", (message: InProcessResult) => {
    result = message;
  });
  child.send(run);
  const [code] = await once(child, "exit", { signal });
  if (result === undefined) throw new Error(`The measurement of ${run.contestant} ended with code ${code}.`);
  return result;
}
