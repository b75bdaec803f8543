import { plantedSecret } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { readAssignments } from "./assignments.ts";

const SECRET = plantedSecret("sunflower");

const parrot = { section: "parrot", secrets: ["api_key", "other_key"] };

test.each([
  [["mood=wild"], { mood: "wild" }, undefined],
  [["mood=a=b", "perches=4"], { mood: "a=b", perches: "4" }, undefined],
  [["mood="], { mood: null }, undefined],
  [["api_key"], {}, "api_key"],
  [["api_key="], { api_key: null }, undefined],
])("%j is read", (words, values, secret) => {
  const assigned = readAssignments(words, parrot);

  expect(assigned.ok && [{ ...assigned.values }, assigned.secret]).toEqual([values, secret]);
});

test.each([
  [["mood"], "mood needs a value: mood=… (nothing behind the equals sign: back to the default)."],
  [["=wild"], "A setting has a name: key=value."],
  [["mood=a", "mood=b"], "mood is given twice."],
  [["api_key", "api_key"], "api_key is given twice."],
  [["api_key", "other_key"], "Set one secret at a time: api_key, then other_key."],
  [
    [`api_key=${SECRET}`],
    "api_key is a secret, and every process of this machine can read a command line. " +
      "Give it on standard input: tars config set parrot api_key < file",
  ],
])("%j is refused in a sentence, without the value", (words, problem) => {
  expect(readAssignments(words, parrot)).toEqual({ ok: false, problem });
});
