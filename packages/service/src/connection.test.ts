import { configFromEnv } from "@ts-tars/mqtt";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfigFile } from "./config/file.ts";
import { mqttConfig } from "./config/mqtt-config.ts";
import { examineConfig, readConfig, type Sources } from "./config/read.ts";
import { connectionOf } from "./connection.ts";

const connectionFrom = (sources: Sources) => connectionOf(readConfig(mqttConfig, sources), "parrot");
const optionsFrom = (sources: Sources) => {
  const connection = connectionFrom(sources);
  if (!connection.ok) throw new Error(connection.problems.join("; "));
  return connection.options;
};

function isAcceptedByClient(env: Readonly<Record<string, string>>): boolean {
  try {
    configFromEnv({ MQTT_URL: "mqtt://box", MQTT_CLIENT_ID: "parrot", ...env });
    return true;
  } catch {
    return false;
  }
}

test("without any setting a service connects to this machine under its own name, with heartbeat and control link", () => {
  expect(optionsFrom({})).toMatchObject({
    url: ["mqtt://localhost:1883"],
    clientId: "tars-parrot",
    source: "parrot",
    control: true,
    heartbeat: { intervalMs: 5_000 },
    deadLetters: { service: "parrot" },
  });
});

test("settings of the file reach the client like variables do", () => {
  const { file } = parseConfigFile("mqtt:\n  url: mqtts://box\n  keepalive: 30\n  reconnect_min_delay: 1\n", {
    path: "/f",
  });

  expect(optionsFrom({ file })).toMatchObject({
    url: ["mqtts://box:8883"],
    keepaliveSec: 30,
    reconnect: { minDelayMs: 1_000, maxDelayMs: 5_000 },
  });
});

test("user and password of the URL leave it, and no rendering of the options shows them", async () => {
  const options = optionsFrom({ env: { MQTT_URL: "mqtt://me:s%40same@box" } });

  expect(options.url).toEqual(["mqtt://box:1883"]);
  expect(typeof options.credentials === "function" ? await options.credentials() : undefined).toEqual({
    username: "me",
    password: "s@same",
  });
  expect(JSON.stringify(options)).not.toContain("same");
});

test("contradictory settings are told by the places they stand in", () => {
  const { file } = parseConfigFile("mqtt:\n  reconnect_max_delay: 1\n", { path: "/f.yaml" });

  const connection = connectionFrom({ file, env: { MQTT_RECONNECT_MIN_DELAY: "2" } });

  expect(connection).toEqual({
    ok: false,
    problems: [
      "/f.yaml:2: mqtt.reconnect_max_delay (1 s) is less than MQTT_RECONNECT_MIN_DELAY (2 s); equal is allowed",
    ],
  });
});

test.each([
  { MQTT_DEDUPE_TTL: "900", MQTT_DEDUPE_MAX_ENTRIES: "0" },
  { MQTT_CERT_FILE: "/cert.pem" },
  { MQTT_URL: "mqtt://box:99999" },
  { MQTT_URL: "mqtt://a:x@box", MQTT_USERNAME: "me" },
])("%j contradicts itself", (env) => {
  expect(connectionFrom({ env })).toMatchObject({ ok: false });
});

test("whatever number a variable holds, the settings and the client agree on whether it is allowed", () => {
  const names = [
    "MQTT_KEEPALIVE",
    "MQTT_SESSION_EXPIRY",
    "MQTT_HEARTBEAT_INTERVAL",
    "MQTT_DEDUPE_TTL",
    "MQTT_RECONNECT_MIN_DELAY",
    "MQTT_RECONNECT_MAX_DELAY",
  ];
  const number = fc.oneof(fc.integer({ min: -2, max: 100_000 }), fc.double({ min: -1, max: 10, noNaN: true }));
  fc.assert(
    fc.property(fc.constantFrom(...names), number, (name, value) => {
      const text = value.toFixed(3).replace(/\.?0+$/u, "");
      // The partner of a delay is moved out of the way: only the bounds of the one are looked at.
      const env = { MQTT_RECONNECT_MIN_DELAY: "0.1", MQTT_RECONNECT_MAX_DELAY: "86400", [name]: text };
      expect(examineConfig(mqttConfig, { env }).ok).toBe(isAcceptedByClient(env));
    }),
  );
});
