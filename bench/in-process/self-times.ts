/** Where the time of a CPU profile went. Pure. */
import type { Profiler } from "node:inspector";

/** Time spent in a place itself, not in what it called. */
export interface SelfTime {
  readonly place: string;
  readonly us: number;
}

/** By function, and by the folder or library it belongs to; the most expensive first. */
export interface SelfTimes {
  readonly functions: readonly SelfTime[];
  readonly parts: readonly SelfTime[];
  readonly totalUs: number;
}

/** Sums up the samples; the time between two of them belongs to the first. */
export function selfTimesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): SelfTimes {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const parts = new Map<string, number>();
  let totalUs = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    const us = timeDeltas[index + 1] ?? 0;
    // Waiting costs nobody anything.
    if (frame === undefined || frame.functionName === "(idle)") return;
    totalUs += us;
    add(functions, { place: describeFunction(frame), us });
    add(parts, { place: partOf(frame), us });
  });
  return { functions: sorted(functions), parts: sorted(parts), totalUs };
}

/** The most expensive of both, each with its share. */
export function describeSelfTimes({ functions, parts, totalUs }: SelfTimes, count: number): string {
  const lines = (times: readonly SelfTime[]): readonly string[] =>
    times.map(({ place, us }) => `  ${((100 * us) / totalUs).toFixed(1).padStart(5)} %  ${place}`);
  return ["by part:", ...lines(parts), "by function:", ...lines(functions.slice(0, count))].join("\n");
}

type Frame = Profiler.ProfileNode["callFrame"];

function describeFunction({ functionName, url, lineNumber }: Frame): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  return url === "" ? name : `${name}  ${shortened(url)}:${lineNumber + 1}`;
}

/** `packages/mqtt/src/receive`, `node_modules/zod`, `node:`, `bench/in-process`, `(garbage collector)`. */
function partOf({ functionName, url }: Frame): string {
  if (url === "") return functionName.startsWith("(") ? functionName : "(native)";
  if (url.startsWith("node:")) return "node:";
  const path = shortened(url);
  const library = /^node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0];
  return library ?? path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function shortened(url: string): string {
  return /(?:.*\/)?((?:node_modules|packages|bench)\/.*)$/.exec(url)?.[1] ?? url;
}

function add(times: Map<string, number>, { place, us }: SelfTime): void {
  times.set(place, (times.get(place) ?? 0) + us);
}

function sorted(times: ReadonlyMap<string, number>): readonly SelfTime[] {
  return [...times].map(([place, us]) => ({ place, us })).toSorted((a, b) => b.us - a.us);
}
