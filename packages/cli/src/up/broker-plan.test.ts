import { expect, test } from "vitest";
import { planBroker } from "./broker-plan.ts";

test("a configured URL wins over every choice", () => {
  expect(planBroker({ hasUrl: true, choice: "embedded", hasMosquitto: true })).toEqual({ kind: "external" });
});

test("without a URL an installed Mosquitto is taken", () => {
  expect(planBroker({ hasUrl: false, choice: "auto", hasMosquitto: true })).toEqual({ kind: "mosquitto" });
});

test("without Mosquitto the embedded broker is taken, and the better one is named with its command", () => {
  const plan = planBroker({ hasUrl: false, choice: "auto", hasMosquitto: false });

  expect(plan).toMatchObject({ kind: "embedded", note: expect.stringContaining("apt-get install -y mosquitto") });
});

test("the embedded broker is taken without a note when it was asked for", () => {
  expect(planBroker({ hasUrl: false, choice: "embedded", hasMosquitto: true })).toEqual({
    kind: "embedded",
    note: undefined,
  });
});

test("asking for a Mosquitto that is not there is a problem, not another broker", () => {
  const plan = planBroker({ hasUrl: false, choice: "mosquitto", hasMosquitto: false });

  expect(plan).toMatchObject({ kind: "impossible", problem: expect.stringContaining("TARS_BROKER") });
});
