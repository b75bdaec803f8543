import { expect, test } from "vitest";
import { checkLayers } from "./layers.ts";
import { placesOf, worldOf } from "./world.fixture.ts";

const ROUTER_MANIFEST = JSON.stringify({
  name: "@ts-tars/router",
  exports: { ".": { "ts-tars-source": "./src/index.ts" } },
});

test.for([
  ["packages/mqtt/src/a.ts", "@ts-tars/contracts"],
  ["packages/contracts/src/a.ts", "@ts-tars/mqtt"],
  ["packages/service/src/a.ts", "@ts-tars/broker"],
  ["packages/broker/src/a.ts", "@ts-tars/mqtt"],
  ["services/llm-worker/src/a.ts", "@ts-tars/router"],
  ["services/llm-worker/src/a.ts", "@ts-tars/harness"],
  ["services/llm-worker/src/a.ts", "@ts-tars/testing"],
  ["services/llm-worker/src/a.ts", "@ts-tars/cli"],
  ["services/llm-worker/src/a.test.ts", "@ts-tars/cli"],
  ["services/llm-worker/src/a.ts", "mqtt"],
  ["services/llm-worker/src/a.ts", "openai"],
  ["services/llm-worker/src/a.ts", "vitest"],
  ["packages/service/src/a.ts", "mqtt-packet"],
  ["packages/service/src/rehearsal/private-session.ts", "mqtt"],
] as const)("%s must not import %s", ([path, specifier]) => {
  const world = worldOf({
    [path]: `import { a } from "${specifier}";`,
    "services/router/package.json": ROUTER_MANIFEST,
  });

  expect(placesOf(checkLayers(world))).toEqual([`${path}:1`]);
});

test.for([
  ["packages/contracts/src/a.ts", "@ts-tars/mqtt/contract"],
  ["packages/service/src/a.ts", "@ts-tars/contracts"],
  ["services/llm-worker/src/a.ts", "@ts-tars/service"],
  ["services/llm-worker/src/a.ts", "zod"],
  ["services/llm-worker/src/models/openai.ts", "openai"],
  ["services/llm-worker/src/a.broker.test.ts", "@ts-tars/harness"],
  ["packages/cli/src/a.ts", "@ts-tars/router"],
  ["packages/mqtt/src/transport/a.ts", "mqtt"],
  ["packages/harness/src/a.ts", "mqtt"],
  ["packages/service/src/rehearsal/private-session.ts", "mqtt-packet"],
  ["packages/testing/src/a.ts", "@ts-tars/harness"],
  ["packages/mqtt/examples/a.ts", "@ts-tars/mqtt"],
] as const)("%s may import %s", ([path, specifier]) => {
  expect(checkLayers(worldOf({ [path]: `import { a } from "${specifier}";` }))).toEqual([]);
});

test("a type alone may come from where values may not, only where the table says so", () => {
  const world = worldOf({
    "packages/telemetry/src/a.ts": 'import type { Hooks } from "@ts-tars/mqtt";',
    "packages/telemetry/src/b.ts": 'import { connect } from "@ts-tars/mqtt";',
  });

  expect(placesOf(checkLayers(world))).toEqual(["packages/telemetry/src/b.ts:1"]);
});

test("node:sqlite is loaded behind the client's outbox, and nothing of the client leads there but a test", () => {
  const world = worldOf({
    "packages/mqtt/src/outbox/a.ts": 'import { DatabaseSync } from "node:sqlite";',
    "packages/mqtt/src/b.ts": 'import { DatabaseSync } from "node:sqlite";',
    "packages/mqtt/src/c.ts": 'import { a } from "./outbox/a.ts";',
    "packages/mqtt/src/d.test.ts": 'import { a } from "./outbox/a.ts";',
    "services/llm-worker/src/e.ts": 'import { DatabaseSync } from "node:sqlite";',
  });

  expect(placesOf(checkLayers(world))).toEqual(["packages/mqtt/src/b.ts:1", "packages/mqtt/src/c.ts:1"]);
});

test("MQTT.js in a second product file is refused, in a test it is not", () => {
  const world = worldOf({
    "packages/mqtt/src/a.ts": 'import { MqttClient } from "mqtt";',
    "packages/mqtt/src/a.broker.test.ts": 'import { connect } from "mqtt";',
    "packages/mqtt/src/b.ts": '\nimport type { Packet } from "mqtt";',
  });

  expect(placesOf(checkLayers(world))).toEqual(["packages/mqtt/src/b.ts:2"]);
});

test("a relative path out of a package is refused, also in re-exports and dynamic imports", () => {
  const world = worldOf({
    "services/router/src/a.ts":
      'export { b } from "../../llm-worker/src/b.ts";\nawait import("../../../packages/mqtt/src/c.ts");',
    "services/router/src/b/c.ts": 'import { a } from "../a.ts";',
  });

  expect(placesOf(checkLayers(world))).toEqual(["services/router/src/a.ts:1", "services/router/src/a.ts:2"]);
});
