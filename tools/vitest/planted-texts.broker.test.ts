/** Canaries at real brokers: what is said there comes to the watch, whoever says it, and whether or not anybody hears it. */
import { openBroker, plantedSecret, plantedWords, rawClient } from "@ts-tars/harness";
import { describeLeak, standInWatch } from "@ts-tars/harness/watch";
import { expect, test } from "vitest";

const BROKERS = [
  { kind: "mosquitto", options: {}, version: 5 },
  { kind: "mosquitto", options: { password: true }, version: 4 },
  { kind: "aedes", options: { password: true }, version: 4 },
] as const;

test.each(BROKERS)("a secret and private words in messages at $kind are found", async ({ kind, options, version }) => {
  using watch = standInWatch();
  const broker = await openBroker({ kind, ...options });
  const peer = await rawClient({ url: broker.url, protocolVersion: version, mqttOptions: { ...broker.credentials } });

  await peer.publish("a/passing", plantedWords());
  await peer.publish("a/message", JSON.stringify({ password: plantedSecret() }));
  await peer.publish("a/state", plantedWords(), { retain: true });
  await peer.publish("a/secret-state", plantedSecret(), { retain: true });
  await peer.end();
  await broker[Symbol.asyncDispose]();

  const leaks = new Set(watch.take().leaks.map(describeLeak));
  expect(leaks).toContain("A planted secret (PlantedSecretQxz) was seen in a message on a/message");
  expect(leaks).toContain("Planted private words (quixplunder) were seen in a retained message on a/state");
  expect(leaks).toContain("A planted secret (PlantedSecretQxz) was seen in a retained message on a/secret-state");
  expect([...leaks].filter((leak) => leak.includes("a/passing"))).toEqual([]);
});

test("a broker that was killed and started again is heard again, with TLS", async () => {
  using watch = standInWatch();
  await using broker = await openBroker({ tls: "client_certificate" });
  await broker.restart({ how: "kill" });
  const { caPem = "", clientCertPem = "", clientKeyPem = "" } = broker.certificates ?? {};
  const tls = { ca: caPem, cert: clientCertPem, key: clientKeyPem };
  await using peer = await rawClient({ url: broker.url, mqttOptions: tls });

  await peer.publish("a/message", plantedSecret());
  await broker.stop();

  expect(watch.take().leaks.map(describeLeak)).toEqual([
    "A planted secret (PlantedSecretQxz) was seen in a message on a/message",
  ]);
});
