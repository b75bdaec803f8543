/** Figures of every run, kept as files with date, machine, versions and commit. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** What was run where. */
export interface Surroundings {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly machine: {
    /** Short, for file names. */
    readonly name: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly system: string;
  };
  readonly versions: { readonly node: string; readonly mqttjs: string; readonly mosquitto: string | undefined };
  /** Of the checkout; undefined outside of one. */
  readonly commit: string | undefined;
  /** There were changes that no commit has. */
  readonly hasChanges: boolean;
}

/** Looks around. */
export function lookAround(): Surroundings {
  const cpu = cpus()[0]?.model.trim() ?? "unknown";
  const cores = cpus().length;
  return {
    date: new Date().toISOString(),
    machine: {
      name: `${cpu
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "")}-${cores}-cores`,
      cpu,
      cores,
      memoryBytes: totalmem(),
      system: `${platform()} ${release()}`,
    },
    versions: {
      node: process.version,
      mqttjs: readVersion(createRequire(import.meta.url).resolve("mqtt/package.json")),
      mosquitto: /version (\S+)/.exec(outputOf("mosquitto", ["-h"]) ?? "")?.[1],
    },
    commit: outputOf("git", ["rev-parse", "HEAD"])?.trim(),
    hasChanges: (outputOf("git", ["status", "--porcelain"]) ?? "").trim() !== "",
  };
}

/** What of an earlier run is looked at again; JSON has no NaN, so that what was not measured is null. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const Earlier = z.object({
  date: z.string(),
  isQuick: z.boolean(),
  /** A rule that was broken on purpose: nothing to be compared with. */
  broken: z.string().optional(),
  machine: z.object({ name: z.string() }),
  cases: z.array(
    z.object({
      case: z.string(),
      figures: z.array(
        z.object({
          name: z.string(),
          better: z.enum(["less", "more"]),
          ours: number,
          ratio: number,
          sameSpread: number,
        }),
      ),
    }),
  ),
});
export type Earlier = z.output<typeof Earlier>;

/** Earlier runs on the same machine, as short or long as this one. Both benches have the cases of the client alone. */
export function readEarlier(
  folder: string,
  { machine, isQuick }: { readonly machine: string; readonly isQuick: boolean },
): readonly Earlier[] {
  const runs = listed(folder).map((name) => Earlier.safeParse(JSON.parse(readFileSync(join(folder, name), "utf8"))));
  return runs
    .flatMap(({ data }) => (data === undefined ? [] : [data]))
    .filter((run) => run.machine.name === machine && run.isQuick === isQuick && run.broken === undefined);
}

/** Writes `<date>-<machine>-<bench>.json` and returns its path. */
export function keepResult(folder: string, result: Surroundings & { readonly bench: string }): string {
  mkdirSync(folder, { recursive: true });
  const date = result.date.slice(0, 19).replaceAll(":", "-");
  const path = join(folder, `${date}-${result.machine.name}-${result.bench}.json`);
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return []; // the first run has nothing to look back to
  }
}

function readVersion(path: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, "utf8"))).version;
}

/** Undefined when there is no such program. Mosquitto ends its help with exit code 3 in some versions. */
function outputOf(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch (error) {
    const stdout = error instanceof Error && "stdout" in error ? error.stdout : undefined;
    return typeof stdout === "string" && stdout !== "" ? stdout : undefined;
  }
}
