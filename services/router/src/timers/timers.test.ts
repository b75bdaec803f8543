import { describe, expect, it } from "vitest";
import { KeptTimers, keep } from "./kept-timers.ts";
import { nextDueAtMs, obeyOrder, TIMERS_MAX, type Timer, type TimerOrder, takeDue } from "./timers.ts";

const MINUTE_MS = 60_000;

/** Orders at one site, one after the other, on a clock that the test moves. */
class Kitchen {
  timers: readonly Timer[] = [];
  nowMs = 0;
  #count = 0;

  order(order: TimerOrder): string {
    this.#count += 1;
    const { timers, text } = obeyOrder(this.timers, order, { id: `t${this.#count}`, atMs: this.nowMs });
    this.timers = timers;
    return text;
  }

  set(durationMs: number, name?: string, reminder?: string): string {
    return this.order({ kind: "set", durationMs, name, reminder });
  }

  get names(): readonly (string | undefined)[] {
    return this.timers.map(({ name }) => name);
  }
}

describe("setting a timer", () => {
  it("says for how long, and under which name", () => {
    const kitchen = new Kitchen();

    expect(kitchen.set(5 * MINUTE_MS)).toBe("Timer set for 5 minutes.");
    expect(kitchen.set(80 * MINUTE_MS, "pasta")).toBe("Pasta timer set for 1 hour and 20 minutes.");
    expect(kitchen.set(MINUTE_MS, undefined, "call my mother")).toBe("I will remind you in 1 minute: call my mother.");
    expect(kitchen.timers.map(({ id, dueAtMs }) => [id, dueAtMs])).toEqual([
      ["t1", 5 * MINUTE_MS],
      ["t2", 80 * MINUTE_MS],
      ["t3", MINUTE_MS],
    ]);
  });

  it.each([
    ["none at all", 0, "at least one second"],
    ["no number", Number.NaN, "at least one second"],
    ["eight days", 8 * 24 * 60 * MINUTE_MS, "A week is the most"],
    ["for ever", Number.POSITIVE_INFINITY, "A week is the most"],
  ])("for %s sets none, and says why", (_length, durationMs, words) => {
    const kitchen = new Kitchen();

    expect(kitchen.set(durationMs)).toContain(words);
    expect(kitchen.timers).toEqual([]);
  });

  it("keeps of a long name or reminder what the file of timers can hold", () => {
    const kitchen = new Kitchen();
    kitchen.set(MINUTE_MS, "egg ".repeat(1_000), "call ".repeat(1_000));

    const [kept] = kitchen.timers.map((timer) => keep(timer, "kitchen", { atMs: 0, epochMs: 0 }));

    expect(KeptTimers.parse({ version: 1, timers: [kept] }).timers).toEqual([kept]);
  });

  it("ends at a bound, with words", () => {
    const kitchen = new Kitchen();
    for (let count = 0; count < TIMERS_MAX; count += 1) kitchen.set(MINUTE_MS);

    expect(kitchen.set(MINUTE_MS)).toMatch(/too many/);
    expect(kitchen.timers).toHaveLength(TIMERS_MAX);
  });
});

describe("cancelling a timer", () => {
  it("without a name cancels the only one", () => {
    const kitchen = new Kitchen();
    kitchen.set(5 * MINUTE_MS);

    expect(kitchen.order({ kind: "cancel", which: {} })).toBe("Your 5 minute timer is cancelled.");
    expect(kitchen.timers).toEqual([]);
  });

  it("without a name among several cancels none, and asks which", () => {
    const kitchen = new Kitchen();
    kitchen.set(10 * MINUTE_MS, "pasta");
    kitchen.set(5 * MINUTE_MS);

    expect(kitchen.order({ kind: "cancel", which: {} })).toBe(
      "Which one? There is your 5 minute timer, with 5 minutes left and your pasta timer, with 10 minutes left.",
    );
    expect(kitchen.timers).toHaveLength(2);
  });

  it.each([
    ["its name, in whatever letters", { name: "Pasta" }, [undefined, "egg"]],
    ["its length", { durationMs: 5 * MINUTE_MS }, ["pasta", "egg"]],
  ] as const)("by %s cancels that one", (_how, which, left) => {
    const kitchen = new Kitchen();
    kitchen.set(10 * MINUTE_MS, "pasta");
    kitchen.set(5 * MINUTE_MS);
    kitchen.set(3 * MINUTE_MS, "egg");

    kitchen.order({ kind: "cancel", which });

    expect(kitchen.names).toEqual(left);
  });

  it("that does not run says what does", () => {
    const kitchen = new Kitchen();
    const cancelTea = { kind: "cancel", which: { name: "tea" } } as const;

    expect(kitchen.order(cancelTea)).toBe("No timer is running.");
    kitchen.set(10 * MINUTE_MS, "pasta");
    expect(kitchen.order(cancelTea)).toBe("There is no tea timer, but your pasta timer.");
    expect(kitchen.names).toEqual(["pasta"]);
  });

  it("of all leaves none, and counts them", () => {
    const kitchen = new Kitchen();
    kitchen.set(MINUTE_MS);
    kitchen.set(MINUTE_MS, "egg");

    expect(kitchen.order({ kind: "cancel_all" })).toBe("All 2 timers are cancelled.");
    expect(kitchen.order({ kind: "cancel_all" })).toBe("No timer is running.");
  });
});

describe("asking about timers", () => {
  it("tells what is left, to the second, and of hours to the minute", () => {
    const kitchen = new Kitchen();
    kitchen.set(5 * MINUTE_MS);
    kitchen.nowMs = 100_300;

    expect(kitchen.order({ kind: "left", which: {} })).toBe("3 minutes and 20 seconds left on your 5 minute timer.");
    kitchen.set(61 * MINUTE_MS, "roast");
    kitchen.nowMs += 1_500;
    expect(kitchen.order({ kind: "left", which: { name: "roast" } })).toBe(
      "1 hour and 1 minute left on your roast timer.",
    );
  });

  it("tells of all when none is named, the next to ring first", () => {
    const kitchen = new Kitchen();
    kitchen.set(10 * MINUTE_MS, "pasta");
    kitchen.set(MINUTE_MS, "egg");

    expect(kitchen.order({ kind: "left", which: {} })).toBe(
      "1 minute on your egg timer and 10 minutes on your pasta timer.",
    );
    expect(kitchen.order({ kind: "list" })).toBe(
      "2 timers are running: your egg timer, with 1 minute left and your pasta timer, with 10 minutes left.",
    );
  });

  it("leaves them as they are", () => {
    const kitchen = new Kitchen();
    kitchen.set(MINUTE_MS);
    const before = kitchen.timers;

    kitchen.order({ kind: "list" });
    kitchen.order({ kind: "left", which: {} });

    expect(kitchen.timers).toBe(before);
  });
});

describe("a timer that is due", () => {
  it("is taken out, and only those that are due", () => {
    const kitchen = new Kitchen();
    kitchen.set(2 * MINUTE_MS, "tea");
    kitchen.set(MINUTE_MS, "egg");
    expect(nextDueAtMs(kitchen.timers)).toBe(MINUTE_MS);

    expect(takeDue(kitchen.timers, MINUTE_MS - 1)).toEqual({ due: [], left: kitchen.timers });
    const { due, left } = takeDue(kitchen.timers, MINUTE_MS);

    expect([due.map(({ name }) => name), left.map(({ name }) => name)]).toEqual([["egg"], ["tea"]]);
    expect(nextDueAtMs([])).toBeUndefined();
  });
});
