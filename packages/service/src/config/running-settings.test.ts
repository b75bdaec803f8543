import { expect, expectTypeOf, test } from "vitest";
import { createLog } from "../log.ts";
import { parseConfigFile } from "./file.ts";
import { readConfig, readFields } from "./read.ts";
import { RunningSettings } from "./running-settings.ts";
import { parrotConfig } from "./settings.fixture.ts";

const QUIET = createLog({ name: "test", level: "silent" });
const openSettings = () => new RunningSettings(parrotConfig.fields, readConfig(parrotConfig, {}), QUIET);
const savedAs = (text: string) =>
  readFields(parrotConfig, { file: parseConfigFile(`parrot:\n${text}`, { path: "/etc/tars.yaml" }).file });

test("who watches a live setting is told its new value, with its type, until it does not watch any more", () => {
  const settings = openSettings();
  const seen: number[] = [];
  const watching = settings.watch("perches", (perches) => {
    expectTypeOf(perches).toEqualTypeOf<number>();
    seen.push(perches);
  });

  settings.take(["perches"], savedAs("  perches: 4\n"));
  watching[Symbol.dispose]();
  settings.take(["perches"], savedAs("  perches: 5\n"));

  expect(seen).toEqual([4]);
  expect(settings.current.perches).toBe(5);
});

test("who comes to watch after a change is told of it at once", () => {
  const settings = openSettings();
  const seen: unknown[] = [];
  settings.take(["greeting"], savedAs("  greeting: Ahoy.\n"));

  settings.watch("greeting", (greeting) => seen.push(greeting));
  settings.watch("perches", (perches) => seen.push(perches));

  expect(seen).toEqual(["Ahoy."]);
});

test("only the keys that may change now do", () => {
  const settings = openSettings();

  settings.take(["greeting"], savedAs("  greeting: Ahoy.\n  mood: wild\n"));

  expect(settings.current).toMatchObject({ greeting: "Ahoy.", mood: "calm" });
  expect(settings.origins).toMatchObject({ greeting: { from: "file" }, mood: { from: "default" } });
});

test("a value that its watcher cannot take is not in effect, and the others are", () => {
  const settings = openSettings();
  settings.watch("perches", () => {
    throw new Error("no wood");
  });

  settings.take(["perches", "isLoud"], savedAs("  perches: 4\n  is_loud: true\n"));

  expect(settings.current).toMatchObject({ perches: 3, isLoud: true });
  expect(settings.origins).toMatchObject({ perches: { from: "default" }, isLoud: { from: "file" } });
});

test("a setting that is not live cannot be watched", () => {
  expect(() => openSettings().watch("mood", () => undefined)).toThrow(TypeError);
});
