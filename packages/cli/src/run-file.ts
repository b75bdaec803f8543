/**
 * `run.json`: what a running `tars up` tells the other commands. Readable by its owner only; void when its process is
 * gone. Pure.
 */
export interface RunFile {
  /** The process of `tars up`. */
  readonly pid: number;
  /** Tells it from a later process with the same pid; undefined where the system does not say. */
  readonly incarnation: string | undefined;
  /** Unix seconds. */
  readonly started_at: number;
  /** Without credentials. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly broker: { readonly kind: string; readonly pid: number | undefined };
  /** Process id by service; the same one for all when they run in one process. */
  readonly services: Readonly<Record<string, number>>;
}

/** The text of the file. */
export function renderRunFile(run: RunFile): string {
  return `${JSON.stringify(run, null, 2)}\n`;
}

/** Reads the text of the file; undefined when it is not one of ours (half written, another version). */
export function parseRunFile(text: string): RunFile | undefined {
  const run = parseJson(text);
  if (!isRecord(run) || !isPid(run["pid"]) || typeof run["url"] !== "string") return undefined;
  const broker = isRecord(run["broker"]) ? run["broker"] : {};
  const services = isRecord(run["services"]) ? run["services"] : {};
  return {
    pid: run["pid"],
    incarnation: textOf(run["incarnation"]),
    started_at: numberOf(run["started_at"]) ?? 0,
    url: run["url"],
    host: textOf(run["host"]) ?? "",
    port: numberOf(run["port"]) ?? 0,
    username: textOf(run["username"]),
    password: textOf(run["password"]),
    broker: { kind: textOf(broker["kind"]) ?? "unknown", pid: numberOf(broker["pid"]) },
    services: Object.fromEntries(
      Object.entries(services).filter((entry): entry is [string, number] => isPid(entry[1])),
    ),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isPid = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0;
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
