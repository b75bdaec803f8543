import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { applyBreak } from "../../../tools/canaries/canary.ts";
import { mixedFaults } from "../cases/mixed-faults.ts";
import { breakRules, canaryOf, isBreakRule } from "./break-rules.ts";

test.for(Object.keys(breakRules).filter(isBreakRule))(
  "the rule %s can be broken, and has a bar on its figure",
  (rule) => {
    const canary = canaryOf(rule);
    const source = readFileSync(new URL(`../../../${canary.file}`, import.meta.url), "utf8");

    expect(applyBreak(source, canary)).not.toBe(source);
    expect(mixedFaults.bars).toContainEqual({ figure: breakRules[rule].figure, atMost: 0 });
  },
);
