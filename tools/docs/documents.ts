/** The generated documents, by their paths, as they have to be now. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as contracts from "@ts-tars/contracts";
import type { ServiceDefinition } from "@ts-tars/service";
import { stringify } from "yaml";
import { asyncApiOf, idOf } from "./asyncapi.ts";
import { readComments } from "./comments.ts";
import { standalone } from "./json-schemas.ts";
import { withMeasurements } from "./measurements.ts";
import { renderTopics } from "./topics-page.ts";
import { vocabularyOf } from "./vocabulary.ts";

const ROOT = new URL("../../", import.meta.url);
const CONTRACTS = new URL("packages/contracts/src/", ROOT);

/** Where the documents are, from the root of the repository. */
export const SCHEMA_FOLDER = "docs/schemas";

/** Written by hand, but for its tables. */
const OBSERVABILITY = "docs/observability.md";

/** Text by path, from the root of the repository. */
export async function documents(): Promise<ReadonlyMap<string, string>> {
  const vocabulary = vocabularyOf(contracts.CATALOGUE, { ...contracts }, readComments(contractSources()));
  const services = await declaredServices();
  const asyncApi = asyncApiOf(vocabulary, { version: contractsVersion(), services });
  const schemas = vocabulary.topics
    .filter(({ topic }) => topic.wire !== "binary")
    .map(({ topic, schema }) => {
      const json = standalone(schema, { named: vocabulary.schemas });
      return [`${SCHEMA_FOLDER}/${idOf(topic)}.json`, `${JSON.stringify(json, null, 2)}\n`] as const;
    });
  return new Map([
    ["docs/topics.md", renderTopics(vocabulary)],
    [OBSERVABILITY, withMeasurements(written(OBSERVABILITY) ?? "")],
    ["docs/asyncapi.yaml", stringify(asyncApi, { aliasDuplicateObjects: false, lineWidth: 120 })],
    ...schemas,
  ]);
}

/** What stands there now; undefined when there is no such file. */
export function written(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, ROOT), "utf8");
  } catch {
    return undefined;
  }
}

/** The paths of the schemas that stand there. */
export function writtenSchemas(): readonly string[] {
  return readdirSync(new URL(`${SCHEMA_FOLDER}/`, ROOT)).map((name) => join(SCHEMA_FOLDER, name));
}

/** Every folder of `services` is a package that exports its definition. */
async function declaredServices(): Promise<readonly ServiceDefinition[]> {
  const names = readdirSync(new URL("services/", ROOT)).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const exported = (await import(`@ts-tars/${name}`)) as Readonly<Record<string, unknown>>; // a module is a record
      const definition = Object.values(exported).find(isDefinition);
      if (definition === undefined) throw new TypeError(`services/${name} exports no definition of a service.`);
      return definition;
    }),
  );
}

function isDefinition(value: unknown): value is ServiceDefinition {
  return typeof value === "object" && value !== null && "create" in value && "topics" in value;
}

function contractSources(): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync(CONTRACTS)
    .filter((name) => name.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(name))
    .map((name) => ({ path: name, text: readFileSync(new URL(name, CONTRACTS), "utf8") }));
}

function contractsVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", CONTRACTS), "utf8")) as { version: string }; // a package of ours
  return version;
}
