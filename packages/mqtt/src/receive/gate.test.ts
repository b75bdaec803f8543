import { expect, test } from "vitest";
import { Gate } from "./gate.ts";

test("a gate lets in as many as its limit, and the next one when a place is free", () => {
  const gate = new Gate(2);
  const called: string[] = [];

  const entered = ["a", "b", "c"].map((name) => gate.enter(() => called.push(name)));
  gate.leave();

  expect(entered).toEqual([true, true, false]);
  expect(called).toEqual(["c"]);
});

test("those who wait are called in the order in which they came, once each", () => {
  const gate = new Gate(1);
  const called: string[] = [];
  const enterAs = (name: string) => (): void => {
    if (gate.enter(enterAs(name))) called.push(name);
  };
  for (const name of ["a", "b", "c"]) enterAs(name)();

  gate.leave();
  gate.leave();
  gate.leave();

  expect(called).toEqual(["a", "b", "c"]);
});

test("a waiter that no longer wants the place passes it on to the next", () => {
  const gate = new Gate(1);
  const called: string[] = [];
  gate.enter(() => undefined);
  gate.enter(() => called.push("changed its mind"));
  gate.enter(() => called.push("still wants in"));

  gate.leave();

  expect(called).toEqual(["changed its mind", "still wants in"]);
});
