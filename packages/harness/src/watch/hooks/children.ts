/**
 * What child processes print, whoever reads it: each chunk is looked at on its way into the stream of the parent. Grandchildren
 * are seen where their parent hands their output on, as `tars up` does; output that is inherited, ignored or led into a file
 * is not.
 */
import { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { lookAt } from "../suite-watch.ts";

/** A line that never ends is cut there; a planted text across the cut is the only one that is missed. */
const MAX_LINE_CHARACTERS = 100_000;

/** Hooks into the start of every child from now on, and for good. */
export function watchChildren(): void {
  const prototype = ChildProcess.prototype as unknown as SpawningPrototype; // `spawn` is Node's own way to start each child, and not declared
  const spawn = prototype.spawn;
  prototype.spawn = function (this: ChildProcess, options: SpawnPlan) {
    const result = spawn.call(this, options);
    const name = options.args?.slice(0, 3).join(" ") ?? options.file;
    if (this.stdout !== null && this.stdout !== undefined) watchStream(this.stdout, `the output of ${name}`);
    if (this.stderr !== null && this.stderr !== undefined) watchStream(this.stderr, `the errors of ${name}`);
    return result;
  };
}

interface SpawnPlan {
  readonly file: string;
  readonly args?: readonly string[];
}

interface SpawningPrototype {
  spawn(this: ChildProcess, options: SpawnPlan): unknown;
}

function watchStream(stream: Readable, where: string): void {
  const decoder = new StringDecoder("latin1");
  let rest = "";
  const push = stream.push;
  stream.push = function (this: Readable, chunk: unknown, ...others: never[]): boolean {
    const text = chunk instanceof Uint8Array ? decoder.write(Buffer.from(chunk)) : String(chunk ?? "\n");
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE_CHARACTERS) {
      lines.push(rest);
      rest = "";
    }
    for (const line of lines) if (line !== "") lookAt({ kind: "line", where, text: line });
    return push.call(this, chunk, ...others);
  };
}
