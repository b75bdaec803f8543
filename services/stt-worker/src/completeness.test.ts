import { describe, expect, test } from "vitest";
import { completenessOf } from "./completeness.ts";
import { parseJsgf, wordsOf } from "./jsgf.ts";

const TIMERS = `#JSGF V1.0 UTF-8 en;
// Commands.
grammar org.tars.commands;
/* everything that
   can be said */
public <command> = [please] (<timer> | what time is it | stop {tag}) [now];
<timer> = set (a | the) timer for <number>+ (minute | minutes) | /0.5/ cancel /2/ every thing;
<number> = twenty | two | ten | "thirty five";
`;

describe("a text is a whole sentence of a grammar", () => {
  const isComplete = completenessOf(TIMERS);

  test.for([
    "stop",
    "please stop now",
    "what time is it",
    "set a timer for ten minutes",
    "please set the timer for twenty two minutes now",
    "set a timer for thirty five minutes",
    "cancel every thing",
  ])("%s", (text) => {
    expect(isComplete(text)).toBe(true);
  });

  test.for([
    "",
    "please",
    "what time is",
    "set a timer for ten",
    "set a timer for minutes",
    "stop stop",
    "stop tag",
    "now",
  ])('not "%s"', (text) => {
    expect(isComplete(text)).toBe(false);
  });
});

test("repetition, nothing and never are understood", () => {
  const of = (rule: string) => completenessOf(`#JSGF V1.0;\ngrammar g;\npublic <a> = ${rule};`);

  expect([of("x* y")("x x x y"), of("x* y")("y"), of("x+ y")("y")]).toEqual([true, true, false]);
  expect([of("<NULL> x")("x"), of("<VOID> x")("x"), of("x | <VOID>")("x")]).toEqual([true, false, true]);
  expect(of("[x]*")("x x")).toBe(true);
});

test("a grammar that grows beyond all bounds when it is written out is walked all the same", () => {
  const rules = Array.from({ length: 60 }, (_, index) => `<r${index}> = <r${index + 1}> [<r${index + 1}>];`);
  const isComplete = completenessOf(`#JSGF V1.0;\ngrammar g;\npublic <a> = <r0>;\n${rules.join("\n")}\n<r60> = x;`);

  expect([isComplete("x x x"), isComplete("x y")]).toEqual([true, false]);
});

test("the words of a grammar are told once each, without tags and weights", () => {
  expect([...wordsOf(parseJsgf(TIMERS))].sort().join(" ")).toBe(
    "a cancel every five for is it minute minutes now please set stop ten the thing thirty time timer twenty two what",
  );
});

test.for<[string, string]>([
  ["public <a> = x;", 'begins with "#JSGF'],
  ["#JSGF V1.0;\ngrammar g;\n<a> = x;", "no public rule"],
  ["#JSGF V1.0;\ngrammar g;\npublic <a> = <b>;", "<b>, which it does not define"],
  ["#JSGF V1.0;\ngrammar g;\npublic <a> = <b> <b>;\n<b> = x <a>;", "refers to itself"],
  ["#JSGF V1.0;\ngrammar g;\npublic <a> = (x | y;", '")" is expected'],
  ["#JSGF V1.0;\ngrammar g;\npublic <a> = x", "ends in the middle"],
  ["#JSGF V1.0;\ngrammar g;\npublic a = x;", "a rule such as <command>"],
  ["#JSGF V1.0;\ngrammar g;\npublic <a> = x & y;", "a word is expected"],
])("%s is refused with the place", ([source, problem]) => {
  expect(() => parseJsgf(source)).toThrow(problem);
});
