import { type ProgramEnd, type ProgramOptions, startProgram } from "./program.ts";

/** What a short program said. */
export interface ProgramReading {
  readonly end: ProgramEnd;
  /** At most the first 256 KiB. */
  readonly output: string;
  readonly lastLines: readonly string[];
}

/** More than any list of devices; whoever says more is not waited for. */
const OUTPUT_BYTES_MAX = 256 * 1_024;

/**
 * Runs a program that ends by itself and gives back what it said; after `timeoutMs` it is killed, and `end.kind` is `killed`.
 *
 * @throws {ProgramError} as `startProgram` does. @throws the signal's reason when it is aborted already.
 */
export async function readProgram({
  timeoutMs,
  signal,
  ...options
}: Omit<ProgramOptions, "pipes"> & { readonly timeoutMs: number }): Promise<ProgramReading> {
  await using program = await startProgram({
    ...options,
    pipes: ["stdout"],
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  const chunks: Buffer[] = [];
  let byteCount = 0;
  for await (const chunk of program.stdout) {
    chunks.push(chunk);
    byteCount += chunk.length;
    if (byteCount >= OUTPUT_BYTES_MAX) break;
  }
  const end = await program.ended;
  return { end, output: Buffer.concat(chunks).toString("utf8", 0, OUTPUT_BYTES_MAX), lastLines: program.lastLines };
}
