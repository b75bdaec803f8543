import { plantedSecret } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { childEnvironment, droppedVariables, metricsPort, metricsPortProblem } from "./child-environment.ts";

const SECRET = plantedSecret("sunflower");

const MANAGED = {
  kind: "mosquitto",
  url: "mqtt://127.0.0.1:1",
  username: "operator",
  password: "o",
  credentialsOf: (service: string) => ({ username: service, password: `of ${service}` }),
  configuredUrl: undefined,
};
const EXTERNAL = { ...MANAGED, kind: "external", url: "mqtts://a", configuredUrl: `mqtts://me:${SECRET}@a mqtts://b` };

test("a service gets its own way to the broker and keeps the rest of the environment", () => {
  expect(childEnvironment({ PATH: "/bin", OPENAI_API_KEY: "k" }, MANAGED, "router")).toMatchObject({
    PATH: "/bin",
    OPENAI_API_KEY: "k",
    MQTT_URL: "mqtt://127.0.0.1:1",
    MQTT_USERNAME: "router",
    MQTT_PASSWORD: "of router",
  });
});

test("one client's id and name are not given to all services", () => {
  const env = { MQTT_CLIENT_ID: "me", MQTT_SOURCE_NAME: "me" };

  expect(Object.keys(childEnvironment(env, MANAGED, "router"))).not.toContain("MQTT_CLIENT_ID");
  expect(droppedVariables(env)).toEqual(["MQTT_CLIENT_ID", "MQTT_SOURCE_NAME"]);
});

test("certificates and passwords of another broker do not reach the services of our own", () => {
  const env = { MQTT_CA_FILE: "/ca", MQTT_PASSWORD_FILE: "/pw" };

  expect(childEnvironment(env, MANAGED, "router")).not.toHaveProperty("MQTT_CA_FILE");
  expect(childEnvironment(env, EXTERNAL, "router")).toMatchObject(env);
});

test("somebody else's broker is handed on as it was configured, with credentials and all nodes of a cluster", () => {
  expect(childEnvironment({}, EXTERNAL, "router")).toEqual({
    MQTT_URL: `mqtts://me:${SECRET}@a mqtts://b`,
    OTEL_SERVICE_NAME: "router",
  });
});

test("with the embedded broker no time is lost by asking for MQTT 5", () => {
  expect(childEnvironment({ MQTT_PROTOCOL: "5" }, { ...MANAGED, kind: "aedes" }, "router")).toMatchObject({
    MQTT_PROTOCOL: "3.1.1",
  });
});

test("each service shows its figures at a port of its own, counted from the one that was asked for", () => {
  expect([0, 1, 3].map((place) => metricsPort(9400, place))).toEqual(["9400", "9401", "9403"]);
  expect([0, 1].map((place) => metricsPort(0, place))).toEqual(["0", "0"]);
  expect(metricsPort(undefined, 1)).toBe("");
});

test("traces know the service by its name, unless another one is set", () => {
  expect(childEnvironment({}, MANAGED, "router")).toMatchObject({ OTEL_SERVICE_NAME: "router" });
  expect(childEnvironment({ OTEL_SERVICE_NAME: "robot" }, EXTERNAL, "router")).toMatchObject({
    OTEL_SERVICE_NAME: "robot",
  });
});

test("a port that leaves no room for those of all services is refused before anything starts", () => {
  expect([undefined, 0, 9400, 65_532].map((port) => metricsPortProblem(port, 4))).toEqual(Array(4).fill(undefined));
  expect(metricsPortProblem(65_533, 4)).toContain("at most 65532");
});
