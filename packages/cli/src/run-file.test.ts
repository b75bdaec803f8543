import { plantedSecret } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { parseRunFile, type RunFile, renderRunFile } from "./run-file.ts";

const SECRET = plantedSecret("sunflower");

const RUN: RunFile = {
  pid: 42,
  incarnation: "4711",
  started_at: 1_700_000_000,
  url: "mqtt://127.0.0.1:41883",
  host: "127.0.0.1",
  port: 41_883,
  username: "tars",
  password: SECRET,
  broker: { kind: "mosquitto", pid: 43 },
  services: { router: 44 },
};

test("what was written is read again", () => {
  expect(parseRunFile(renderRunFile(RUN))).toEqual(RUN);
});

test.each(["", "{", "[]", "null", '{"pid":0,"url":"mqtt://x"}', '{"pid":"42","url":"mqtt://x"}', '{"pid":42}'])(
  "%j is no run file",
  (text) => {
    expect(parseRunFile(text)).toBeUndefined();
  },
);
