/** That the benches work, on loads too small to say anything about speed. */
import { expect, test } from "vitest";
import type { Measurement } from "../comparison/figure.ts";
import { drawText } from "../ends/payload.ts";
import { measureInProcess } from "../in-process/fork-run.ts";
import type { InProcessRun } from "../in-process/in-process-run.ts";
import { rollDice } from "../scorecard/dice.ts";
import { flow, ONE_TO_ONE } from "./measure-flow.ts";

const text = drawText(rollDice(20_261_127));
const { signal } = new AbortController();

const RUN: Omit<InProcessRun, "contestant" | "side"> = {
  qos: 1,
  payload: "300 B",
  text,
  filterCount: 3,
  isWildcard: false,
  topicCount: 1,
  isKeyed: false,
  keyCount: 1,
  warmUpCount: 150,
  messageCount: 300,
};

function areAboveZero(measurement: Measurement): readonly boolean[] {
  return Object.values(measurement).map((value) => value > 0);
}

test("in process every message goes through, published and received", async () => {
  const runs = [
    measureInProcess({ ...RUN, contestant: "ours", side: "publish", qos: 0 }, signal),
    measureInProcess({ ...RUN, contestant: "ours", side: "receive" }, signal),
    measureInProcess({ ...RUN, contestant: "mqttjs", side: "receive" }, signal),
    measureInProcess({ ...RUN, contestant: "mqttjs_tuned", side: "publish" }, signal),
  ];

  const results = await Promise.all(runs);

  const figures = results.map(({ cpuUs, messagesPerSecond }) => areAboveZero({ cpuUs, messagesPerSecond }));
  expect(figures).toEqual(runs.map(() => [true, true]));
});

test("over a broker every message goes from one process to both clients in another", async () => {
  const measure = flow({ ...ONE_TO_ONE, subscriberCount: 2, messageCount: 300 });

  const { "event-loop lag p99": lag, ...figures } = await measure({ text, scale: 1, signal });

  expect(lag).toBeGreaterThanOrEqual(0);
  expect(areAboveZero(figures)).toEqual(Object.keys(figures).map(() => true));
});
