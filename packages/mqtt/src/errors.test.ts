import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import * as errors from "./errors.ts";

const cause = new Error("read ECONNRESET");

/** One of each, as the client makes them. */
const samples: readonly errors.MqttError[] = [
  new errors.ContractViolationError({ topic: "tts/say", problems: [{ path: "", reason: "is no object" }] }),
  new errors.OutboxFullError({ topic: "tts/say", messages: 10_000, bytes: 1_234_567 }),
  new errors.PayloadTooLargeError({ topic: "tts/say", bytes: 300_000, maxBytes: 262_144 }),
  new errors.ClientClosedError({ clientId: "tars-tts" }),
  new errors.ClientIdTakenError({ clientId: "tars-tts" }),
  new errors.ConnectionRefusedError({ reasonCode: 0x86, protocol: "5", url: "mqtt://hub:1883" }),
  new errors.SubscriptionRefusedError({ filter: "tts/#", reasonCode: 0x87 }),
  new errors.UndeliveredError({ topic: "tts/say", id: "1f", reason: "refused", reasonCode: 0x87, sent: "maybe" }),
  new errors.RequestTimeoutError({ topic: "memory/query", timeoutMs: 5_000, sent: "no" }),
  new errors.RemoteError({ topic: "memory/query", remoteCode: "STORE_FULL", message: "The store is full." }),
  new errors.LinkError({ what: "The connection to mqtt://hub:1883 was lost", cause }),
  new errors.ConfigurationError({ problems: ["MQTT_URL is missing", "MQTT_KEEPALIVE is 0"] }),
  new errors.NotStoredError({ topic: "character/update", path: "/state/outbox.db", cause }),
  new errors.StateDirectoryTakenError({ path: "/state/outbox.db", cause }),
];

describe("the errors of this package", () => {
  it("are all in the list that is tested here", () => {
    const classes = Object.values(errors).filter((value) => typeof value === "function" && value !== errors.MqttError);

    expect(new Set(samples.map((error) => error.constructor))).toEqual(new Set(classes));
  });

  it.each(samples.map((error) => [error.constructor.name, error] as const))(
    "%s has its name, in the stack as well",
    (name, error) => {
      expect(error).toBeInstanceOf(errors.MqttError);
      expect(error.name).toBe(name);
      expect(error.stack?.startsWith(`${name}: ${error.message}`)).toBe(true);
      expect(inspect(error)).toContain(error.code);
    },
  );

  it("have codes that are theirs alone", () => {
    expect(new Set(samples.map(({ code }) => code)).size).toBe(samples.length);
  });

  it("and docs/errors.md list the same codes, names and answers to whether trying again helps", () => {
    const document = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
    const rows = [...document.matchAll(/^\| `(MQTT_\w+)` \| `(\w+)` \| (yes|no|depends) \|/gm)].map((row) =>
      row.slice(1, 4),
    );

    const retry = ({ code, retryable }: errors.MqttError) =>
      code === "MQTT_UNDELIVERED" ? "depends" : retryable ? "yes" : "no";
    expect(rows.toSorted()).toEqual(samples.map((error) => [error.code, error.name, retry(error)]).toSorted());
  });

  it("carry what the caller's decision needs", () => {
    expect(samples.map((error) => ({ ...error, code: undefined, retryable: undefined }))).toEqual([
      { topic: "tts/say", problems: [{ path: "", reason: "is no object" }] },
      { topic: "tts/say", messages: 10_000, bytes: 1_234_567 },
      { topic: "tts/say", bytes: 300_000, maxBytes: 262_144 },
      { clientId: "tars-tts" },
      { clientId: "tars-tts" },
      { reasonCode: 0x86, protocol: "5", url: "mqtt://hub:1883" },
      { filter: "tts/#", reasonCode: 0x87 },
      { topic: "tts/say", id: "1f", reason: "refused", reasonCode: 0x87, sent: "maybe" },
      { topic: "memory/query", timeoutMs: 5_000, sent: "no" },
      { topic: "memory/query", remoteCode: "STORE_FULL" },
      {},
      { problems: ["MQTT_URL is missing", "MQTT_KEEPALIVE is 0"] },
      { topic: "character/update", path: "/state/outbox.db" },
      { path: "/state/outbox.db" },
    ]);
  });
});

describe("an error's message", () => {
  it.each([
    ["names every problem of a contract", 0, /tts\/say .*data: is no object/],
    ["says what fills the outbox", 1, /10000 messages, 1234567 bytes/],
    ["says how large is too large", 2, /300000 bytes, at most 262144/],
    ["explains the code of a refusal", 5, /the user name or the password is wrong.*\(MQTT 5, 0x86\)/],
    ["gives the code of a refused subscription", 6, /tts\/# \(0x87\)/],
    ["says whether a message may have arrived", 7, /refused \(0x87\).*may have reached the broker/],
    ["says what to check when nobody could be asked", 8, /5000 ms.*never sent: check the connection/],
    ["quotes the service that failed", 9, /STORE_FULL: The store is full\./],
    ["ends with the cause of a broken path", 10, /was lost: read ECONNRESET$/],
    [
      "lists all problems of a configuration, one to a line",
      11,
      /\n {2}- MQTT_URL is missing\n {2}- MQTT_KEEPALIVE is 0$/,
    ],
  ])("%s", (_what, index, message) => {
    expect(samples[index]?.message).toMatch(message);
  });

  it("tells a refusal by TLS from one by the broker", () => {
    const reason = new Error("self-signed certificate");
    const error = new errors.ConnectionRefusedError({ protocol: "5", url: "mqtts://hub:8883", cause: reason });

    expect(error.message).toMatch(/TLS could not verify the broker \(self-signed certificate\)/);
    expect([error.reasonCode, error.cause]).toEqual([undefined, reason]);
  });

  it("shows a refusal's code also when it is not a known one", () => {
    const error = new errors.ConnectionRefusedError({ reasonCode: 3, protocol: "3.1.1", url: "mqtt://hub:1883" });

    expect(error.message).toContain("(MQTT 3.1.1, 0x03)");
  });
});

describe("whether trying again helps", () => {
  it.each([
    ["expired", true],
    ["timeout", true],
    ["refused", false],
    ["poison", false],
    ["closed", false],
    ["superseded", false],
    ["dropped", false],
  ] as const)("depends on why a message was not delivered: %s → %s", (reason, retryable) => {
    expect(new errors.UndeliveredError({ topic: "a", id: "1", reason, sent: "no" }).retryable).toBe(retryable);
  });
});
