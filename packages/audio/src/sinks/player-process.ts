import { bytesOf } from "../pcm/sample-bytes.ts";
import { startProgram } from "../program/program.ts";
import type { PlayerReport } from "./pacat-report.ts";
import { playerFailed } from "./player-trouble.ts";
import type { Player } from "./players.ts";

/** What a running player tells. */
export interface PlayerNews {
  readonly reported: (report: PlayerReport) => void;
  /** It has ended by itself: with why, unless it played all it was given. */
  readonly ended: (error: Error | undefined) => void;
}

/** A player that runs. Nobody hears its news before `attach`. */
export interface PlayerProcess {
  readonly isRunning: boolean;
  attach(news: PlayerNews): void;
  write(pcm: Int16Array): void;
  /** It plays what it has, and ends. */
  finish(): void;
  /** Silence at once. Idempotent. */
  kill(): void;
  /** Resolves when it has ended: with why, unless it played all it was given or was killed. */
  readonly ended: Promise<Error | undefined>;
}

/** @throws {ProgramError} when the player is not installed or may not be run. */
export async function startPlayer(player: Player, env: Readonly<Record<string, string>> = {}): Promise<PlayerProcess> {
  let news: PlayerNews | undefined;
  let isRunning = true;
  const program = await startProgram({
    command: player.command,
    // It is killed by name, below; whatever is alive at the end of this process dies with it.
    signal: new AbortController().signal,
    pipes: ["stdin"],
    // What is read of it must not be in the machine's language.
    env: { LC_ALL: "C", ...env },
    onErrorLine: (line) => {
      const report = player.readLine?.(line);
      if (report !== undefined) news?.reported(report);
    },
  });
  const ended = program.ended.then((end) => {
    isRunning = false;
    const hasConfessed = program.lastLines.some((line) => player.confession?.test(line) === true);
    const isWell = end.kind === "killed" || (end.kind === "exited" && end.code === 0 && !hasConfessed);
    const error = isWell ? undefined : playerFailed({ name: player.name, end, lastLines: program.lastLines });
    if (end.kind !== "killed") news?.ended(error);
    return error;
  });
  return {
    get isRunning() {
      return isRunning;
    },
    attach: (listener) => {
      news = listener;
    },
    // Bytes that are not taken are told by the end of the program, or by its silence.
    write: (pcm) => void program.write(bytesOf(pcm)),
    finish: () => program.closeInput(),
    kill: () => {
      news = undefined;
      isRunning = false;
      program.kill();
    },
    ended,
  };
}
