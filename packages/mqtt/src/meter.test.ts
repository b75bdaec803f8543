import { expect, test } from "vitest";
import { SILENT_LOG } from "./log.ts";
import { createMeter } from "./meter.ts";

test("measurements reach the hooks that are set, and cost nothing where none is", () => {
  const told: unknown[] = [];
  const meter = createMeter({ onCounter: (...all) => told.push(all), onGauge: (...all) => told.push(all) }, SILENT_LOG);

  meter.count("orphans");
  meter.count("messages_published", { topic: "a" }, 3);
  meter.gauge("zombie_handlers", 7);
  meter.duration("handle_ms", 5);

  expect(told).toEqual([
    ["orphans", 1, {}],
    ["messages_published", 3, { topic: "a" }],
    ["zombie_handlers", 7, {}],
  ]);
});

test("a hook that throws is logged once and disturbs nobody", () => {
  const lines: string[] = [];
  const broken = (): never => {
    throw new Error("no metrics today");
  };
  const log = { ...SILENT_LOG, warn: (_fields: unknown, message: string) => void lines.push(message) };
  const meter = createMeter({ onCounter: broken, onDuration: broken }, log);

  meter.count("orphans");
  meter.count("orphans");
  meter.duration("handle_ms", 5);

  expect(lines).toEqual(["a metrics hook threw and is ignored"]);
});

test("spans are asked for only where somebody listens", () => {
  expect([createMeter(undefined, SILENT_LOG).wantsSpans, createMeter({}, SILENT_LOG).wantsSpans]).toEqual([
    false,
    false,
  ]);
  expect([
    createMeter(undefined, SILENT_LOG).isSilent,
    createMeter({ onGauge: () => undefined }, SILENT_LOG).isSilent,
  ]).toEqual([true, false]);
  expect(createMeter({ onSpan: () => undefined }, SILENT_LOG).wantsSpans).toBe(true);
});
