/**
 * Who may import whom (ARCHITECTURE.md, "Who may import whom").
 *
 * Tests, the harness, e2e, bench and tools may import what they examine; only the way out of a package by a relative path and
 * the import of the `cli` are closed to them too.
 */
import { posix } from "node:path";
import type { Finding } from "./finding.ts";
import { type Import, importsOf, resolveImport } from "./imports.ts";
import { packageFolderOf, roleOf } from "./roles.ts";
import type { Source } from "./source.ts";
import type { World } from "./world.ts";

const RULE = "layers";

/** What the product code of a package may import of ours; a service's list stands under `services`. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "packages/mqtt": [],
  "packages/contracts": ["@ts-tars/mqtt/contract"],
  "packages/service": [
    "@ts-tars/mqtt",
    "@ts-tars/mqtt/contract",
    "@ts-tars/mqtt/outbox",
    "@ts-tars/contracts",
    "@ts-tars/telemetry/prometheus",
    "@ts-tars/telemetry/opentelemetry",
  ],
  "packages/broker": [],
  "packages/telemetry": ["type @ts-tars/mqtt"],
  "packages/audio": ["@ts-tars/mqtt", "@ts-tars/mqtt/contract", "@ts-tars/contracts", "@ts-tars/service"],
  services: [
    "@ts-tars/mqtt",
    "@ts-tars/mqtt/contract",
    "@ts-tars/contracts",
    "@ts-tars/service",
    "@ts-tars/service/peer",
    "@ts-tars/audio",
  ],
};

/** Libraries that any file of a service may use; every other one is a vendor's and stays behind its port. */
const FREE_LIBRARIES = ["zod", "@standard-schema/spec"];

/** Where the client's files are written and read. */
const DISK = "packages/mqtt/src/outbox/";

/** The libraries that are MQTT, and who may import them. */
const MQTT_LIBRARIES = ["mqtt", "mqtt-packet"];

/** The other end of a connection, for rehearsals: it only reads and writes packets. */
const PRIVATE_BROKER = "packages/service/src/rehearsal/private-session.ts";

/** Every import that crosses a border it may not cross. */
export function checkLayers({ sources, doors }: World): readonly Finding[] {
  return [...sources.flatMap((source) => checkImports(source, doors)), ...checkTransport(sources)];
}

function checkImports(source: Source, doors: World["doors"]): readonly Finding[] {
  return importsOf(source).flatMap((found) => {
    const message = objection(source, found, doors);
    return message === undefined ? [] : [{ path: source.path, line: found.line, rule: RULE, message }];
  });
}

function objection(source: Source, found: Import, doors: World["doors"]): string | undefined {
  const { specifier } = found;
  const loadsDisk = objectionToDisk(source, found, doors);
  if (loadsDisk !== undefined) return loadsDisk;
  if (specifier.startsWith(".")) return objectionToPath(source, resolveImport(source, specifier, doors) ?? "");
  if (specifier === "@ts-tars/cli") return "nothing imports the cli; start its `bin` as a process instead.";
  if (roleOf(source.path) !== "product") return undefined;
  if (specifier === "vitest")
    return "product code imports no test library; rename the file to *.conformance.ts or *.fixture.ts.";
  if (specifier.startsWith("@ts-tars/")) return objectionToOurs(source.path, found, doors);
  return isLibrary(specifier) ? objectionToLibrary(source.path, specifier) : undefined;
}

/** Whoever keeps nothing on a disk loads no database: the client reaches its files only through what it was given. */
function objectionToDisk(source: Source, { specifier }: Import, doors: World["doors"]): string | undefined {
  const isClient = source.path.startsWith("packages/mqtt/src/") && roleOf(source.path) === "product";
  if (!isClient || source.path.startsWith(DISK)) return undefined;
  const isPath = specifier.startsWith(".");
  const leadsThere = isPath
    ? (resolveImport(source, specifier, doors)?.startsWith(DISK) ?? false)
    : specifier === "node:sqlite";
  return leadsThere ? "only @ts-tars/mqtt/outbox loads node:sqlite; take a StateStore as an argument." : undefined;
}

function objectionToPath(source: Source, target: string): string | undefined {
  const from = packageFolderOf(source.path);
  if (from === packageFolderOf(target) || (from === undefined && !target.startsWith("packages/"))) return undefined;
  return `a relative path must not leave its package; import ${packageFolderOf(target) ?? target} by its name.`;
}

function objectionToOurs(path: string, { specifier, isTypeOnly }: Import, doors: World["doors"]): string | undefined {
  const from = packageFolderOf(path) ?? "";
  if (from === "packages/cli" || specifier === nameOf(from)) return undefined;
  const allowed = ALLOWED[from] ?? (from.startsWith("services/") ? (ALLOWED["services"] ?? []) : []);
  if (allowed.includes(specifier) || (isTypeOnly && allowed.includes(`type ${specifier}`))) return undefined;
  const isService = doors.get(specifier)?.startsWith("services/") ?? false;
  if (isService) return `a service never imports another one (${specifier}); talk to it over a topic of contracts.`;
  if (specifier === "@ts-tars/harness") return "the harness is for tests only.";
  return `${from} must not import ${specifier}; it may import ${allowed.join(", ") || "nothing of ours"}.`;
}

function objectionToLibrary(path: string, specifier: string): string | undefined {
  const isProviderFile = posix.dirname(path).split("/").length > 3;
  if (MQTT_LIBRARIES.includes(specifier)) {
    const mayImport = path.startsWith("packages/mqtt/") || (path === PRIVATE_BROKER && specifier === "mqtt-packet");
    return mayImport ? undefined : `only packages/mqtt imports "${specifier}"; use its client.`;
  }
  if (!path.startsWith("services/") || FREE_LIBRARIES.includes(specifier) || isProviderFile) return undefined;
  return `a vendor's library (${specifier}) belongs into a provider file, src/<port>s/<provider>.ts.`;
}

/** MQTT.js is imported in exactly one file of product code, so that what we trust of it can be read in one place. */
function checkTransport(sources: readonly Source[]): readonly Finding[] {
  const importers = sources.flatMap((source) =>
    importsOf(source)
      .filter(({ specifier }) => specifier === "mqtt" && roleOf(source.path) === "product")
      .map(({ line }) => ({ path: source.path, line })),
  );
  const others = importers.filter(({ path }) => path !== importers[0]?.path);
  return others.map((at) => ({
    ...at,
    rule: RULE,
    message: `"mqtt" is imported in ${importers[0]?.path} already; go through that file.`,
  }));
}

function isLibrary(specifier: string): boolean {
  return !specifier.startsWith("node:") && !specifier.startsWith("@ts-tars/");
}

function nameOf(folder: string): string {
  return `@ts-tars/${posix.basename(folder)}`;
}
