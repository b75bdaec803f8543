import { expect, test } from "vitest";
import { findBroker } from "./broker-address.ts";
import type { RunFile } from "./run-file.ts";

const RUN: RunFile = {
  pid: 42,
  incarnation: undefined,
  started_at: 0,
  url: "mqtt://127.0.0.1:1",
  host: "127.0.0.1",
  port: 1,
  username: undefined,
  password: undefined,
  broker: { kind: "aedes", pid: undefined },
  services: {},
};

test("a configured URL wins over a robot that runs here", () => {
  expect(findBroker({ hasUrl: true, run: RUN })).toEqual({ kind: "configured" });
});

test("without a URL the robot that runs here is used", () => {
  expect(findBroker({ hasUrl: false, run: RUN })).toEqual({ kind: "running", run: RUN });
});

test("when nothing runs, the answer says how to start it", () => {
  expect(findBroker({ hasUrl: false, run: undefined })).toMatchObject({
    kind: "unknown",
    problem: expect.stringContaining('"tars up"'),
  });
});

test("a robot that is still starting is said to be starting", () => {
  expect(findBroker({ hasUrl: false, run: { ...RUN, url: "" } })).toMatchObject({
    kind: "starting",
    problem: expect.stringContaining("still starting"),
  });
});
