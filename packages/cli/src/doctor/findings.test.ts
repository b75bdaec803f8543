import { expect, test } from "vitest";
import { type Facts, findingsOf } from "./findings.ts";

const ALL_WELL: Facts = {
  node: { version: "v24.0.0", is64Bit: true },
  settings: { path: "/home/u/.config/ts-tars/config.yaml", problems: [], warnings: [] },
  mosquittoVersion: "2.0.11",
  broker: { url: "mqtt://127.0.0.1:1", answers: true, isPlainAndFar: false, reason: undefined },
  services: [{ service: "router", ok: true, engine: "", about: "", note: "" }],
  organs: [{ organ: "voice", service: "tts-worker", found: { ok: true, what: "espeak-ng" } }],
  model: { isConfigured: true, name: "gpt", found: [] },
};
const worse = (facts: Partial<Facts>) => findingsOf({ ...ALL_WELL, ...facts }).filter(({ state }) => state !== "ok");

test("where nothing is missing, every line is ok", () => {
  expect(worse({})).toEqual([]);
});

test("everything that is not ok comes with one thing to do", () => {
  const findings = findingsOf({
    node: { version: "v24.0.0", is64Bit: false },
    settings: { path: "/x", problems: ["MQTT_URL is wrong."], warnings: ["MQTT_ULR is not a setting."] },
    mosquittoVersion: undefined,
    broker: { url: "mqtt://box", answers: false, isPlainAndFar: true, reason: "connection refused" },
    services: [{ service: "router", ok: false, engine: "", about: "", note: "lost" }],
    organs: [{ organ: "voice", service: "tts-worker", found: { ok: false, problem: "No voice.", remedy: "apt" } }],
    model: { isConfigured: false, name: undefined, found: [] },
  });

  expect(findings.filter(({ state }) => state === "ok")).toEqual([]);
  expect(findings.filter(({ remedy }) => remedy === undefined || remedy === "")).toEqual([]);
});

test("a model server of this machine is offered with the command that uses it, never taken", () => {
  const found = [{ url: "http://127.0.0.1:11434/v1", models: ["llama3.2:3b"] }];

  expect(worse({ model: { isConfigured: false, name: undefined, found } })).toEqual([
    {
      part: "model",
      state: "lacking",
      what: "Answering from rules only: no language model is configured. Found llama3.2:3b at http://127.0.0.1:11434/v1.",
      remedy: "OPENAI_BASE_URL=http://127.0.0.1:11434/v1 LLM_MODEL=llama3.2:3b tars up",
    },
  ]);
});

test("a broker on another machine without TLS is named as what it is", () => {
  const broker = { url: "mqtt://box", answers: true, isPlainAndFar: true, reason: undefined };

  expect(worse({ broker })).toMatchObject([{ part: "broker", what: expect.stringContaining("unencrypted") }]);
});

test("a service that works is shown with what does its work", () => {
  const services = [{ service: "tts-worker", ok: true, engine: "silent", about: "without sound", note: "" }];

  expect(findingsOf({ ...ALL_WELL, services })).toContainEqual({
    part: "tts-worker",
    state: "ok",
    what: "Works (silent, without sound).",
  });
});

test("what a running service hears and speaks with is its own to tell", () => {
  const found = { ok: false, problem: "No voice.", remedy: "sudo apt-get install -y espeak-ng" } as const;
  const organs = [{ organ: "voice", service: "tts-worker", found }] as const;
  const services = [{ service: "tts-worker", ok: true, engine: "espeak-ng", about: "", note: "" }];

  expect(worse({ organs })).toEqual([{ part: "voice", state: "lacking", what: "No voice.", remedy: found.remedy }]);
  expect(worse({ organs, services })).toEqual([]);
});

const llmWorker = (engine: string, note: string) => [{ service: "llm-worker", ok: true, engine, about: "", note }];

test("that there is no model is told once", () => {
  const model = { isConfigured: false, name: undefined, found: [] };

  expect(worse({ services: llmWorker("offline", "No model."), model }).map(({ part }) => part)).toEqual(["model"]);
});

test("of the model of a running llm-worker nobody knows better than itself", () => {
  const model = { isConfigured: false, name: undefined, found: [] };

  expect(worse({ services: llmWorker("openai", ""), model })).toEqual([]);
  expect(worse({ services: llmWorker("openai", "The model does not answer."), model })).toEqual([
    { part: "llm-worker", state: "lacking", what: "The model does not answer." },
  ]);
});

test("wrong settings stop the robot, unknown ones do not", () => {
  const settings = { path: "/x", problems: ["A is wrong."], warnings: ["B is unknown."] };

  expect(worse({ settings }).map(({ state, what }) => [state, what])).toEqual([
    ["missing", "A is wrong."],
    ["lacking", "B is unknown."],
  ]);
});

test("a microphone that is closed is said to be closed, and what would be found is looked for all the same", () => {
  const stt = { service: "stt-worker", ok: true, engine: "pocketsphinx", about: "microphone closed", note: "" };
  const services = [{ ...stt, unused: ["microphone"] as const }];
  const organs = [
    ...([{ organ: "recogniser", service: "stt-worker", found: { ok: true, what: "PocketSphinx" } }] as const),
    ...([
      {
        organ: "microphone",
        service: "stt-worker",
        found: { ok: false, problem: "None is there.", remedy: "Buy one." },
      },
    ] as const),
  ];

  const findings = findingsOf({ ...ALL_WELL, services, organs });

  expect(findings.map(({ part }) => part)).not.toContain("recogniser");
  expect(findings).toContainEqual({ part: "microphone", state: "lacking", what: "None is there.", remedy: "Buy one." });
  expect(findings).toContainEqual({
    ...{ part: "stt-worker", state: "ok", what: "Works (pocketsphinx, microphone closed)." },
  });
});
