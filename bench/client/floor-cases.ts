import { spawnSync } from "node:child_process";
import type { BenchCase } from "../comparison/bench-case.ts";
import { floor } from "./measure-floor.ts";
import { flow, ONE_TO_ONE, RATE } from "./measure-flow.ts";

function floorCase(qos: 0 | 1): BenchCase {
  return {
    name: `floor-qos${qos}`,
    summary: `300 B, QoS ${qos}, against mosquitto_pub and mosquitto_sub, which parse nothing`,
    figures: [{ name: RATE, unit: "msg/s", better: "more" }],
    ours: flow({ ...ONE_TO_ONE, qos }),
    other: floor({ qos, messageCount: ONE_TO_ONE.messageCount }),
  };
}

/** Only where the programs are installed. */
export function floorCases(): readonly BenchCase[] {
  const isInstalled = ["mosquitto_pub", "mosquitto_sub"].every(
    (program) => spawnSync(program, ["--help"]).error === undefined,
  );
  return isInstalled ? [floorCase(0), floorCase(1)] : [];
}
