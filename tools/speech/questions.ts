import { readFileSync } from "node:fs";

/** Everyday questions, one a line, that no intent answers: small letters, no punctuation. */
export const QUESTIONS: readonly string[] = readFileSync(new URL("questions.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "");
