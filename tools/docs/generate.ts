/** `npm run docs`: writes docs/topics.md, docs/asyncapi.yaml and docs/schemas anew from the contracts, and the tables of docs/observability.md. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { documents, SCHEMA_FOLDER, written, writtenSchemas } from "./documents.ts";

const ROOT = new URL("../../", import.meta.url);

mkdirSync(new URL(SCHEMA_FOLDER, ROOT), { recursive: true });
const all = await documents();
const changed = [...all].filter(([path, text]) => written(path) !== text);
for (const [path, text] of changed) writeFileSync(new URL(path, ROOT), text);

const stale = writtenSchemas().filter((path) => !all.has(path));
for (const path of stale) rmSync(new URL(path, ROOT));
console.log(`${changed.length} documents written, ${stale.length} removed, ${all.size - changed.length} as they were.`);
