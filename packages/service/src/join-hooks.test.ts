import { expect, test } from "vitest";
import { joinHooks } from "./join-hooks.ts";

test("every hook that is set is told, and what nobody wants stays unset", () => {
  const told: string[] = [];
  const hooks = joinHooks(
    { onCounter: (name) => told.push(`first ${name}`) },
    undefined,
    { onCounter: (name, delta) => told.push(`second ${name} ${delta}`), onGauge: (name) => told.push(name) },
    { onCounter: (name) => told.push(`third ${name}`) },
  );

  hooks.onCounter?.("orphans", 2, {});
  hooks.onGauge?.("zombie_handlers", 1, {});

  expect(told).toEqual(["first orphans", "second orphans 2", "third orphans", "zombie_handlers"]);
  expect(Object.keys(hooks)).toEqual(["onCounter", "onGauge"]);
});

test("one that throws keeps nothing from the others, and is heard of", () => {
  const told: string[] = [];
  const fail = (): never => {
    throw new Error("no figures today");
  };
  const { onCounter } = joinHooks({ onCounter: fail }, { onCounter: (name) => told.push(name) });

  expect(() => onCounter?.("orphans", 1, {})).toThrow("no figures today");

  expect(told).toEqual(["orphans"]);
});

test("spans are made by the first that makes any", () => {
  const onSpan = () => undefined;

  expect(joinHooks({}, { onSpan }, { onSpan: () => undefined }).onSpan).toBe(onSpan);
});
