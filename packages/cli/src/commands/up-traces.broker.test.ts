/** One question to a whole robot, with an OpenTelemetry SDK in its processes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@ts-tars/harness";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTarsHome, type TarsHome } from "./tars-home.fixture.ts";
import type { WrittenSpan } from "./trace-to-file.fixture.ts";

let site: TarsHome;
beforeEach(() => {
  site = openTarsHome();
});
afterEach(() => site[Symbol.asyncDispose]());

const SDK = import.meta.resolve("./trace-to-file.fixture.ts");

/** `service: span`, each behind what it was caused by. */
function pathTo(span: WrittenSpan | undefined, all: readonly WrittenSpan[]): readonly string[] {
  if (span === undefined) return [];
  const parent = all.find(({ id }) => id === span.parent);
  return [...pathTo(parent, all), `${span.service}: ${span.name}`];
}

test("a question that goes to the model and back is one trace over the processes", async () => {
  const file = join(site.path, "spans.jsonl");
  const options = `--conditions=ts-tars-source --import=${SDK}`;
  await site.startUp({ TARS_BROKER: "embedded", TRACES_ENABLED: "true", TRACE_FILE: file, NODE_OPTIONS: options });

  const answer = await site.run("ask", "--speak", "no", "why is the sky blue");

  expect(answer.code).toBe(0);
  const spans = (): readonly WrittenSpan[] =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as WrittenSpan); // written by the fixture
  const last = await until(() => spans().find(({ name }) => name === "publish turn/report"));
  const path = pathTo(last, spans());
  expect(path).toEqual([
    "router: handle turn/ask",
    "router: publish llm/request",
    "llm-worker: handle llm/request",
    "llm-worker: publish llm/response",
    "router: handle llm/response",
    "router: publish turn/report",
  ]);
  const ofTurn = spans().filter(({ name }) => /llm\/|turn\/(ask|answer|record|report)/u.test(name));
  expect(new Set(ofTurn.map(({ trace }) => trace))).toEqual(new Set([last.trace]));
});
