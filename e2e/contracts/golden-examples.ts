/** The accepted examples of packages/contracts/golden, as payloads to start from. */
import { readFileSync } from "node:fs";
import type { Topic } from "@ts-tars/mqtt/contract";
import { isJsonObject, isMeantAsEnvelope, type JsonObject } from "./envelope.ts";
import { fileNameOf } from "./published-schema.ts";

/** The `data` of each example, with an envelope around it or not. */
export function goldenData(topic: Topic): readonly JsonObject[] {
  return readExamples(topic).flatMap(({ data, wire }) => {
    const body = data ?? (isJsonObject(wire) && isMeantAsEnvelope(wire) ? wire["data"] : wire);
    return isJsonObject(body) ? [body] : [];
  });
}

/** Of a binary topic. */
export function goldenFrames(topic: Topic): readonly Buffer[] {
  return readExamples(topic).map(({ header, bytes, times }) => {
    const content = String(bytes ?? "").repeat(typeof times === "number" ? times : 1);
    return Buffer.from(`${header}${content}`, "hex");
  });
}

function readExamples(topic: Topic): readonly JsonObject[] {
  const file = new URL(`../../packages/contracts/golden/${fileNameOf(topic)}.accepted.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as readonly JsonObject[]; // golden.test.ts checks the form
}
