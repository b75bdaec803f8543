import { brokerRestart } from "./cases/broker-restart.ts";
import { mixedFaults } from "./cases/mixed-faults.ts";
import type { ScorecardCase } from "./scorecard-case.ts";

/** Every case, in the order in which they are run. */
export const knownCases: readonly ScorecardCase[] = [brokerRestart, mixedFaults];
