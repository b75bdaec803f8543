/** What `pacat --verbose` says of its stream. Pure. */
import { samplesOfMs } from "../frame.ts";

/** One line of it, if it tells something. */
export type PlayerReport =
  | { readonly type: "connected"; readonly device: string }
  | { readonly type: "moved" }
  /** The stream's time at the loudspeaker: how much has sounded. */
  | { readonly type: "reported"; readonly sample: number };

/** Reads one line; undefined for what is of no interest here. */
export function readPacatLine(line: string): PlayerReport | undefined {
  const time = /Time: (\d+\.\d+) sec/.exec(line)?.[1];
  if (time !== undefined) return { type: "reported", sample: samplesOfMs(Number(time) * 1_000) };
  if (line.includes("Stream started")) return { type: "moved" };
  const device = /Connected to device (\S+)/.exec(line)?.[1];
  return device === undefined ? undefined : { type: "connected", device };
}
