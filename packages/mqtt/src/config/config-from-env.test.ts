import { inspect } from "node:util";
import { plantedSecret } from "@ts-tars/harness";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../errors.ts";
import type { ConnectOptions } from "../options.ts";
import { configFromEnv } from "./config-from-env.ts";
import type { Environment } from "./env-reader.ts";

const SECRET = plantedSecret("sunflower");

const REQUIRED = { MQTT_URL: "mqtt://localhost:1883", MQTT_CLIENT_ID: "tars-stt" };

function optionsOf(env: Environment): ConnectOptions {
  return configFromEnv({ ...REQUIRED, ...env }).options;
}

function problemsOf(env: Environment): readonly string[] {
  try {
    configFromEnv(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

/** What `credentials` or `tls` give when they are asked, as at a connection attempt. */
async function asked<T>(value: T | (() => T | Promise<T>) | undefined): Promise<T | undefined> {
  return value instanceof Function ? value() : value;
}

describe("the reference's variables", () => {
  it("are all read, with seconds turned into milliseconds", async () => {
    const { options, health, warnings } = configFromEnv({
      MQTT_URL: "mqtt://tars:pass@broker.local:1884",
      MQTT_CLIENT_ID: "tars-stt",
      MQTT_SOURCE_NAME: "stt-worker",
      MQTT_KEEPALIVE: "30",
      MQTT_ENABLE_HEALTH: "true",
      MQTT_ENABLE_HEARTBEAT: "true",
      MQTT_HEARTBEAT_INTERVAL: "2.5",
      MQTT_DEDUPE_TTL: "1200",
      MQTT_DEDUPE_MAX_ENTRIES: "2048",
      MQTT_RECONNECT_MIN_DELAY: "0.25",
      MQTT_RECONNECT_MAX_DELAY: "10",
    });

    expect(options).toMatchObject({
      url: ["mqtt://broker.local:1884"],
      clientId: "tars-stt",
      source: "stt-worker",
      keepaliveSec: 30,
      heartbeat: { intervalMs: 2_500 },
      dedupe: { ttlMs: 1_200_000, maxEntries: 2_048 },
      reconnect: { minDelayMs: 250, maxDelayMs: 10_000 },
    });
    expect(await asked(options.credentials)).toEqual({ username: "tars", password: "pass" });
    expect([health, warnings]).toEqual([true, []]);
  });

  it("leave everything to the client's defaults when only the two required ones are set", () => {
    expect(configFromEnv(REQUIRED)).toEqual({
      options: { url: ["mqtt://localhost:1883"], clientId: "tars-stt" },
      health: false,
      stateDir: undefined,
      warnings: [],
    });
  });

  it("count as unset when they are empty", () => {
    expect(optionsOf({ MQTT_KEEPALIVE: "", MQTT_SOURCE_NAME: " ", MQTT_PASSWORD_FILE: "" })).toEqual(optionsOf({}));
  });

  it("must name the broker's address", () => {
    expect(problemsOf({ MQTT_CLIENT_ID: "a" })).toEqual([expect.stringMatching(/^MQTT_URL is missing: /)]);
  });

  it("must name the client id", () => {
    expect(problemsOf({ MQTT_URL: "mqtt://h" })).toEqual([expect.stringMatching(/^MQTT_CLIENT_ID is missing: /)]);
  });

  it.each([
    ["true", true],
    ["TRUE", true],
    ["1", true],
    ["yes", true],
    ["on", true],
    ["false", false],
    ["0", false],
    ["No", false],
    ["off", false],
  ])("take %s for a flag that is %s", (text, isOn) => {
    const config = configFromEnv({ ...REQUIRED, MQTT_ENABLE_HEALTH: text, MQTT_ENABLE_HEARTBEAT: text });

    expect([config.health, config.options.heartbeat !== undefined]).toEqual([isOn, isOn]);
  });

  it.each(["maybe", "2", "truee"])("refuse %s as a flag", (text) => {
    expect(problemsOf({ ...REQUIRED, MQTT_ENABLE_HEALTH: text })).toEqual([
      `MQTT_ENABLE_HEALTH is "${text}"; it must be true, 1, yes, on, or false, 0, no, off`,
    ]);
  });

  it("refuse a longest reconnect delay below the shortest", () => {
    expect(problemsOf({ ...REQUIRED, MQTT_RECONNECT_MIN_DELAY: "5", MQTT_RECONNECT_MAX_DELAY: "2" })).toEqual([
      "MQTT_RECONNECT_MAX_DELAY (2 s) is less than MQTT_RECONNECT_MIN_DELAY (5 s); equal is allowed",
    ]);
  });

  it("measure one reconnect delay against the other's default", () => {
    expect(problemsOf({ ...REQUIRED, MQTT_RECONNECT_MIN_DELAY: "5.5" })).toHaveLength(1);
    expect(optionsOf({ MQTT_RECONNECT_MIN_DELAY: "2" }).reconnect).toEqual({ minDelayMs: 2_000, maxDelayMs: 5_000 });
  });

  it("allow equal reconnect delays, a constant backoff", () => {
    const { reconnect } = optionsOf({ MQTT_RECONNECT_MIN_DELAY: "2", MQTT_RECONNECT_MAX_DELAY: "2" });

    expect(reconnect).toEqual({ minDelayMs: 2_000, maxDelayMs: 2_000 });
  });

  it("refuse a duplicate filter with a time and no room", () => {
    expect(problemsOf({ ...REQUIRED, MQTT_DEDUPE_TTL: "900", MQTT_DEDUPE_MAX_ENTRIES: "0" })).toEqual([
      "MQTT_DEDUPE_TTL is above 0, so MQTT_DEDUPE_MAX_ENTRIES must be above 0 too",
    ]);
  });

  it.each([
    { MQTT_DEDUPE_TTL: "0" },
    { MQTT_DEDUPE_TTL: "0", MQTT_DEDUPE_MAX_ENTRIES: "2048" },
    { MQTT_DEDUPE_MAX_ENTRIES: "0" },
  ])("switch the duplicate filter off by a time or a room of 0: %j", (env) => {
    expect(optionsOf(env).dedupe).toEqual({ ttlMs: 0 });
  });

  it("raise a duplicate filter's time that is shorter than a message can wait, and say so", () => {
    const { options, warnings } = configFromEnv({ ...REQUIRED, MQTT_DEDUPE_TTL: "30" });

    expect(options.dedupe).toEqual({ ttlMs: 660_000 });
    expect(warnings).toEqual([expect.stringMatching(/^MQTT_DEDUPE_TTL is 30 s and was raised to 660 s/)]);
  });

  it("refuse a heartbeat more often than once a second, also while it is off", () => {
    expect(optionsOf({ MQTT_ENABLE_HEARTBEAT: "1", MQTT_HEARTBEAT_INTERVAL: "1.0" }).heartbeat).toEqual({
      intervalMs: 1_000,
    });
    expect(problemsOf({ ...REQUIRED, MQTT_HEARTBEAT_INTERVAL: "0.5" })).toEqual([
      'MQTT_HEARTBEAT_INTERVAL is "0.5"; it must be a number of seconds from 1 to 86400',
    ]);
  });

  it("send the heartbeat every 5 s unless told otherwise", () => {
    expect(optionsOf({ MQTT_ENABLE_HEARTBEAT: "1" }).heartbeat).toEqual({ intervalMs: 5_000 });
  });

  it.each(["1", "60", "3600"])("accept a keepalive of %s s", (text) => {
    expect(optionsOf({ MQTT_KEEPALIVE: text }).keepaliveSec).toBe(Number(text));
  });

  it.each(["0", "3601", "-1", "1.5", "1e2", "abc", "0x10", "15s", "Infinity"])("refuse a keepalive of %s", (text) => {
    expect(problemsOf({ ...REQUIRED, MQTT_KEEPALIVE: text })).toEqual([
      `MQTT_KEEPALIVE is "${text}"; it must be a whole number of seconds from 1 to 3600`,
    ]);
  });

  it.each([
    ["MQTT_DEDUPE_TTL", "-1", "a number of seconds, at least 0"],
    ["MQTT_DEDUPE_MAX_ENTRIES", "-1", "a whole number of messages, at least 0"],
    ["MQTT_RECONNECT_MIN_DELAY", "0.05", "a number of seconds from 0.1 to 86400"],
    ["MQTT_RECONNECT_MAX_DELAY", "0.4", "a number of seconds from 0.5 to 86400"],
  ])("refuse %s of %s", (name, value, wanted) => {
    expect(problemsOf({ ...REQUIRED, [name]: value })).toContain(`${name} is "${value}"; it must be ${wanted}`);
  });
});

describe("the variables that are ours", () => {
  it("choose protocol, session and state directory", () => {
    const config = configFromEnv({
      ...REQUIRED,
      MQTT_PROTOCOL: "3.1.1",
      MQTT_CLEAN_START: "yes",
      MQTT_SESSION_EXPIRY: "0",
      MQTT_STATE_DIR: "/var/lib/tars",
    });

    expect(config.options).toMatchObject({ protocol: "3.1.1", cleanStart: true, sessionExpirySec: 0 });
    expect(config.stateDir).toBe("/var/lib/tars");
  });

  it.each([
    ["MQTT_PROTOCOL", "4"],
    ["MQTT_COMPAT", "4"],
    ["MQTT_CLEAN_START", "perhaps"],
    ["MQTT_SESSION_EXPIRY", "4294967296"],
  ])("refuse %s of %s", (name, value) => {
    expect(problemsOf({ ...REQUIRED, [name]: value })).toEqual([
      expect.stringContaining(`${name} is "${value}"; it must be `),
    ]);
  });

  it("choose whether strict peers are spared what they do not know, which is off by default", () => {
    expect([optionsOf({}).compat, optionsOf({ MQTT_COMPAT: "off" }).compat]).toEqual([undefined, undefined]);
    expect(optionsOf({ MQTT_COMPAT: "five-keys" }).compat).toBe("five-keys");
  });

  it("take a list of addresses, separated by commas or spaces", () => {
    expect(optionsOf({ MQTT_URL: "mqtt://a, mqtts://b:1 ws://c/x" }).url).toEqual([
      "mqtt://a:1883",
      "mqtts://b:1",
      "ws://c:80/x",
    ]);
  });

  it("take a comma in a password for a part of it", async () => {
    expect(await asked(optionsOf({ MQTT_URL: "mqtt://u:a,b@h" }).credentials)).toEqual({
      username: "u",
      password: "a,b",
    });
  });

  it("refuse addresses with different users or passwords", () => {
    expect(problemsOf({ ...REQUIRED, MQTT_URL: `mqtt://u:${SECRET}@a,mqtt://u:hunter3@b` })).toEqual([
      "MQTT_URL: the addresses have different users or passwords; one of them is used for all",
    ]);
  });

  it("take user and password from variables of their own", async () => {
    const options = optionsOf({ MQTT_USERNAME: "u", MQTT_PASSWORD: SECRET });

    expect(await asked(options.credentials)).toEqual({ username: "u", password: SECRET });
  });

  it.each([
    [{ MQTT_PASSWORD: SECRET, MQTT_PASSWORD_FILE: "/x" }, "MQTT_PASSWORD and MQTT_PASSWORD_FILE each give a password"],
    [
      { MQTT_URL: `mqtt://u:${SECRET}@h`, MQTT_PASSWORD_FILE: "/x" },
      "MQTT_URL and MQTT_PASSWORD_FILE each give a password",
    ],
    [{ MQTT_URL: `mqtt://u:${SECRET}@h`, MQTT_PASSWORD: SECRET }, "MQTT_URL and MQTT_PASSWORD each give a password"],
    [{ MQTT_URL: "mqtt://u@h", MQTT_USERNAME: "v" }, "MQTT_URL and MQTT_USERNAME each give a user"],
    [{ MQTT_CERT_FILE: "/c" }, "MQTT_CERT_FILE and MQTT_KEY_FILE belong together; set both or none"],
  ])("refuse what contradicts itself: %#", (env, problem) => {
    expect(problemsOf({ ...REQUIRED, ...env })).toEqual([expect.stringContaining(problem)]);
  });

  it("warn about variables with their prefix that nobody knows, and about no others", () => {
    const { warnings } = configFromEnv({ ...REQUIRED, MQTT_KEEP_ALIVE: "5", PATH: "/bin", TARS_X: "1" });

    expect(warnings).toEqual(["MQTT_KEEP_ALIVE is not a known variable and has no effect"]);
  });

  it("warn about certificates that an address without TLS does not use", () => {
    const { warnings } = configFromEnv({ ...REQUIRED, MQTT_CA_FILE: "/ca.pem" });

    expect(warnings).toEqual([expect.stringMatching(/^MQTT_CA_FILE have no effect on an address without TLS/)]);
  });
});

describe("a configuration", () => {
  const env = {
    MQTT_URL: `http://tars:${SECRET}@h`,
    MQTT_KEEPALIVE: "0",
    MQTT_ENABLE_HEALTH: "maybe",
    MQTT_DEDUPE_TTL: "900",
    MQTT_DEDUPE_MAX_ENTRIES: "0",
    MQTT_RECONNECT_MIN_DELAY: "9",
    MQTT_KEY_FILE: "/key.pem",
    MQTT_PASSWORD: "hunter3",
    MQTT_PASSWORD_FILE: "/password",
    MQTT_PROTOCOL: "4",
  };

  it("that cannot be used tells all of its problems at once, each by the variable's full name", () => {
    const variables = problemsOf(env).map((problem) => /^MQTT_[A-Z_]+/.exec(problem)?.[0]);

    expect(variables.sort()).toEqual([
      "MQTT_CERT_FILE",
      "MQTT_CLIENT_ID",
      "MQTT_DEDUPE_TTL",
      "MQTT_ENABLE_HEALTH",
      "MQTT_KEEPALIVE",
      "MQTT_PASSWORD",
      "MQTT_PROTOCOL",
      "MQTT_RECONNECT_MAX_DELAY",
      "MQTT_URL",
    ]);
    expect(() => configFromEnv(env)).toThrow(new RegExp(`(\\n {2}- .*){${variables.length}}`));
  });

  it("no problem of a configuration names a password", () => {
    expect(problemsOf(env).join("\n")).not.toMatch(/hunter/);
  });

  it("and a good one shows no password to whoever looks at it", () => {
    const good = configFromEnv({ ...REQUIRED, MQTT_URL: `mqtt://tars:${SECRET}@h` });

    expect(inspect(good, { depth: 9, showHidden: true }) + JSON.stringify(good)).not.toMatch(/hunter/);
  });
});
