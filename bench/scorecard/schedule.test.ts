import { expect, test } from "vitest";
import { brokerRestart } from "./cases/broker-restart.ts";
import { mixedFaults } from "./cases/mixed-faults.ts";
import { rollDice } from "./dice.ts";
import { missingOf } from "./needs.ts";
import { planFaults } from "./schedule.ts";

test("twenty outages hold each of the six kinds at least three times, for any seed", () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const names = planFaults(brokerRestart, { runs: 20, dice: rollDice(seed) }).map(({ fault }) => fault.name);

    expect(names).toHaveLength(20);
    for (const { name } of brokerRestart.faults) {
      expect(names.filter((each) => each === name).length, `${name}, seed ${seed}`).toBeGreaterThanOrEqual(3);
    }
  }
});

test("a long run of mixed faults holds as many of each as it needs to count, for any seed", () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const plan = planFaults(mixedFaults, { runs: mixedFaults.runs, dice: rollDice(seed) });

    const missing = missingOf(mixedFaults, { faults: plan.map(({ fault }) => fault), columns: [] });

    expect(plan).toHaveLength(mixedFaults.runs);
    expect(missing, `seed ${seed}`).toEqual([]);
  }
});

test("the short form of mixed faults holds each kind", () => {
  const plan = planFaults(mixedFaults, { runs: mixedFaults.short?.runs ?? 0, dice: rollDice(1) });

  expect(new Set(plan.map(({ fault }) => fault.name))).toEqual(new Set(mixedFaults.faults.map(({ name }) => name)));
});

test("the same seed plans the same run, another seed another one", () => {
  const plan = (seed: number) => planFaults(mixedFaults, { runs: 20, dice: rollDice(seed) });

  expect(plan(7)).toEqual(plan(7));
  expect(plan(7)).not.toEqual(plan(8));
});

test("fewer runs than kinds are drawn by chance alone", () => {
  expect(planFaults(brokerRestart, { runs: 2, dice: rollDice(1) })).toHaveLength(2);
});
