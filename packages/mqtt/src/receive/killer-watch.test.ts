import { describe, expect, test } from "vitest";
import type { RunJournal } from "../state-store.ts";
import { type Guarded, KillerWatch } from "./killer-watch.ts";

/** A journal that says how often each message was running when an earlier life ended, and what is noted in it. */
function journal(unended: Readonly<Record<string, number>>): RunJournal & { readonly notes: readonly string[] } {
  const notes: string[] = [];
  return {
    notes,
    unended: (key) => unended[key] ?? 0,
    started: (key) => void notes.push(`${key} started`),
    ended: (key) => void notes.push(`${key} ended`),
  };
}

/** Handlers that end when they are told to. */
function handlers() {
  const running = new Map<string, () => void>();
  const given: string[] = [];
  const of = (key: string): Guarded => ({
    handle: async (ended) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      running.set(key, resolve);
      await promise;
      running.delete(key);
      ended();
    },
    giveUp: async (kills) => void given.push(`${key} ${kills}`),
  });
  return { of, given, running: () => [...running.keys()], end: (key: string) => running.get(key)?.() };
}

/** Everything that can go on has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a message", () => {
  test("that was never seen is noted before its handler runs, and at its end", async () => {
    const noted = journal({});
    const watch = new KillerWatch(noted);

    await watch.guard("a", {
      handle: async (ended) => {
        expect(noted.notes).toEqual(["a started"]);
        ended();
      },
      giveUp: () => Promise.reject(new Error("given up")),
    });

    expect(noted.notes).toEqual(["a started", "a ended"]);
  });

  test("that ran when two lives ended is given up unhandled, and then forgotten", async () => {
    const noted = journal({ a: 2 });
    const { of, given, running } = handlers();

    await new KillerWatch(noted).guard("a", of("a"));

    expect([given, running(), noted.notes]).toEqual([["a 2"], [], ["a ended"]]);
  });
});

test("suspects are handled one after the other, in the order they came, and the others beside them", async () => {
  const watch = new KillerWatch(journal({ a: 1, b: 1 }));
  const { of, running, end } = handlers();
  const all = ["a", "b", "c", "d"].map((key) => watch.guard(key, of(key)));
  await settled();
  const first = running();

  end("a");
  await settled();
  const second = running();
  for (const key of ["b", "c", "d"]) end(key);
  await Promise.all(all);

  expect([first.toSorted(), second.toSorted()]).toEqual([
    ["a", "c", "d"],
    ["b", "c", "d"],
  ]);
});

test("a suspect that waits is not noted as started: it cannot be taken for the one that runs", async () => {
  const noted = journal({ a: 1, b: 1 });
  const watch = new KillerWatch(noted);
  const { of, end } = handlers();
  const all = ["a", "b"].map((key) => watch.guard(key, of(key)));
  await settled();
  const meanwhile = [...noted.notes];
  end("a");
  await settled();
  end("b");
  await Promise.all(all);

  expect(meanwhile).toEqual(["a started"]);
});
