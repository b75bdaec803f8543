import { plantedSecret, plantedWords } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { createLog } from "./log.ts";

const SECRET = plantedSecret("sunflower");
const WORDS = plantedWords();

function recordingLog(level: string) {
  const lines: string[] = [];
  const log = createLog({ name: "parrot", level, stream: { write: (line) => void lines.push(line) } });
  return { log, last: (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? "null") };
}

test("a line is JSON with level, name, time, message and fields", () => {
  const { log, last } = recordingLog("info");

  log.warn({ queued: 3 }, "queue is long");

  expect(last()).toMatchObject({ level: "warn", name: "parrot", msg: "queue is long", queued: 3 });
  expect(last()["time"]).toMatch(/^\d{4}-\d\d-\d\dT/u);
});

test("what people said is redacted above debug", () => {
  const quiet = recordingLog("info");
  const loud = recordingLog("debug");

  quiet.log.info({ private: { text: WORDS } }, "heard");
  loud.log.info({ private: { text: WORDS } }, "heard");

  expect(quiet.last()["private"]).toBe("[redacted]");
  expect(loud.last()["private"]).toEqual({ text: WORDS });
});

test("secrets are never written, not even at debug, also one level down", () => {
  const { log, last } = recordingLog("debug");

  log.info({ password: SECRET, broker: { token: SECRET }, url: `mqtt://me:${SECRET}@box` }, "connected");

  expect(JSON.stringify(last())).not.toContain(SECRET);
  expect(last()["url"]).toBe("mqtt://me:***@box");
});

test("what people said follows the level while the log is used, secrets inside it do not", () => {
  const { log, last } = recordingLog("info");
  const said = { private: { text: WORDS, token: SECRET } };

  log.level = "debug";
  log.info(said, "heard");
  expect(last()["private"]).toEqual({ text: WORDS, token: "[redacted]" });

  log.level = "info";
  log.info(said, "heard");
  expect(last()["private"]).toBe("[redacted]");
  expect(said.private.token).toBe(SECRET);
});
