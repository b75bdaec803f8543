import { expect, test } from "vitest";
import { LastLines } from "./last-lines.ts";

const linesOf = (...pieces: readonly string[]): readonly string[] => {
  const last = new LastLines(3);
  for (const piece of pieces) last.push(piece);
  return last.lines;
};

test("only the last lines are kept, oldest first", () => {
  expect(linesOf("one\ntwo\nthree\nfour\n")).toEqual(["two", "three", "four"]);
});

test("lines may come in any pieces, and the last may lack its end", () => {
  expect(linesOf("o", "ne\r", "\ntw", "o")).toEqual(["one", "two"]);
});

test("a progress line that is overwritten counts as lines, empty ones as none", () => {
  expect(linesOf("1 %\r2 %\r\n\n  \n3 %\n")).toEqual(["1 %", "2 %", "3 %"]);
});

test("a line that never ends does not fill the memory", () => {
  const last = new LastLines(3);

  for (let i = 0; i < 1_000; i += 1) last.push("x".repeat(1_000));

  expect(last.lines.map((line) => line.length)).toEqual([500]);
});
