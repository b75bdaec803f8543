import { expect, test } from "vitest";
import { checkSignatures } from "./signatures.ts";
import { placesOf, worldOf } from "./world.fixture.ts";

test.for([
  "function f(a: A, b: B, c: C, d: D) {}",
  "const f = (a: A, b: B, c: C, d: D) => a;",
  "class K { m(a: A, b: B, c: C, d: D) {} }",
  "function play(sound: Sound, isLooped: boolean) {}",
  "function play(sound: Sound, isLooped = false, isLoud: boolean = true) {}",
])("refused: %s", (text) => {
  expect(placesOf(checkSignatures(worldOf({ "services/a/src/a.ts": text })))).toEqual(["services/a/src/a.ts:1"]);
});

test.for([
  "function f(a: A, b: B, { c }: Options) {}",
  "function setMuted(isMuted: boolean) {}",
  "list.reduce((a, b, index, all) => a);",
])("allowed: %s", (text) => {
  expect(checkSignatures(worldOf({ "services/a/src/a.ts": text }))).toEqual([]);
});
