/** What can befall the processes of a robot, and how each is mended: a killed one by itself, a stopped one by being continued. */
import { nextChildOf } from "./processes.ts";
import type { RunFile } from "./robot.ts";

/** A process of the robot, or the child that does its work. */
export type Part = "stt-worker" | "stt-worker's engine" | "tts-worker" | "tts-worker's engine" | "router" | "broker";

export interface Fault {
  readonly part: Part;
  readonly how: "killed" | "stopped";
}

/** Each of them happens by itself, while a question is asked. */
export const FAULTS: readonly Fault[] = [
  { part: "stt-worker", how: "killed" },
  { part: "stt-worker", how: "stopped" },
  { part: "stt-worker's engine", how: "killed" },
  { part: "stt-worker's engine", how: "stopped" },
  { part: "tts-worker", how: "killed" },
  { part: "tts-worker", how: "stopped" },
  { part: "tts-worker's engine", how: "killed" },
  { part: "tts-worker's engine", how: "stopped" },
  { part: "router", how: "killed" },
  { part: "broker", how: "killed" },
];

/** A stopped service is continued after so long; its engines are left to it, which has to notice by itself. */
const STOPPED_MS = 15_000;

/** The engine that speaks lives for one sentence only: it is waited for. */
export async function processOf(part: Part, run: RunFile, signal: AbortSignal): Promise<number | undefined> {
  switch (part) {
    case "broker":
      return run.broker.pid;
    case "stt-worker's engine":
      return await nextChildOf(run.services["stt-worker"] ?? 0, signal);
    case "tts-worker's engine":
      return await nextChildOf(run.services["tts-worker"] ?? 0, signal);
    default:
      return run.services[part];
  }
}

/** Does it, and resolves when no more will be done to it. */
export async function strike(pid: number, { part, how }: Fault, delay: (ms: number) => Promise<void>): Promise<void> {
  if (how === "killed") {
    signalTo(pid, "SIGKILL");
    return;
  }
  signalTo(pid, "SIGSTOP");
  if (part.endsWith("engine")) return;
  await delay(STOPPED_MS);
  signalTo(pid, "SIGCONT");
}

/** It may have ended by itself. */
function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // There is nobody any more to whom anything could be done.
  }
}
