/** What is measured in the sources, what the catalogue knows and what docs/observability.md says are the same. */
import { readdirSync, readFileSync } from "node:fs";
import { SERVICE_FIGURES } from "@ts-tars/service";
import { COUNTERS, DURATIONS, GAUGES, prometheusName } from "@ts-tars/telemetry";
import { describe, expect, it, test } from "vitest";
import { withMeasurements } from "./measurements.ts";

const ROOT = new URL("../../", import.meta.url);
const PAGE = readFileSync(new URL("docs/observability.md", ROOT), "utf8");

/** Every name that the client's product code measures, by the meter's verb. */
function measured(verb: "count" | "gauge" | "duration"): readonly string[] {
  const folder = new URL("packages/mqtt/src/", ROOT);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".ts") && !/\.(test|fixture|test-d)\.ts$/u.test(path),
  );
  const names = sources.flatMap((path) => {
    const text = readFileSync(new URL(path, folder), "utf8");
    return [...text.matchAll(/\bmeter\.(\w+)\(\s*"([^"]+)"/gu)].flatMap(([, method, name = ""]) =>
      method === verb ? [name] : [],
    );
  });
  return [...new Set(names)].toSorted();
}

/** Every metric that a query on the page asks for. */
function asked(): readonly string[] {
  return [...PAGE.matchAll(/\b(ts_tars_\w+)/gu)].map(([name]) =>
    name.replace(/_seconds_(bucket|count|sum)$/u, "_seconds"),
  );
}

describe("what the client measures", () => {
  it.each([
    ["count", COUNTERS],
    ["gauge", GAUGES],
    ["duration", DURATIONS],
  ] as const)("with %s is in the catalogue, and nothing else is", (verb, catalogue) => {
    expect(measured(verb)).toEqual(Object.keys(catalogue).toSorted());
  });

  it("is a sentence each, and so is what every label says", () => {
    const all = Object.values({ ...COUNTERS, ...GAUGES, ...DURATIONS });

    expect(all.filter(({ help }) => !/^[A-Z0-9].*[^.]$/u.test(help))).toEqual([]);
    expect(all.flatMap(({ labels }) => Object.values<string>(labels)).filter((said) => said === "")).toEqual([]);
  });
});

test("every metric that the page names exists", () => {
  const known = new Set([
    ...Object.keys(COUNTERS).map((name) => prometheusName("counter", name)),
    ...Object.keys(GAUGES).map((name) => prometheusName("gauge", name)),
    ...Object.keys(DURATIONS).map((name) => prometheusName("duration", name)),
    ...[...Object.keys(SERVICE_FIGURES), "info"].map((name) => `ts_tars_service_${name}`),
  ]);

  expect(asked().filter((name) => !known.has(name))).toEqual([]);
  expect([...known].filter((name) => !asked().includes(name))).toEqual([]);
});

test("a page without a place for the tables is refused", () => {
  expect(() => withMeasurements("# Observability")).toThrow("no place");
});
