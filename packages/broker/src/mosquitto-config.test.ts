import { expect, test } from "vitest";
import { type MosquittoSettings, renderMosquittoConfig } from "./mosquitto-config.ts";

const PLAIN: MosquittoSettings = {
  host: "127.0.0.1",
  port: 1883,
  websocketPort: undefined,
  tls: undefined,
  passwordFile: undefined,
  aclFile: undefined,
  persistenceDirectory: undefined,
  saveEverySec: undefined,
  keepRoot: false,
  maxInflightMessages: 200,
  maxQueuedMessages: 5_000,
  extraLines: [],
};

test("Without a password file everyone may connect, with one nobody without a name", () => {
  const open = renderMosquittoConfig(PLAIN);
  const closed = renderMosquittoConfig({ ...PLAIN, passwordFile: "/d/passwords" });

  expect(open).toContain("allow_anonymous true\n");
  expect(closed).toContain("allow_anonymous false\npassword_file /d/passwords\n");
});

test("Both listeners have the TLS options, each its own protocol", () => {
  const tls = { certFile: "/c.crt", keyFile: "/c.key", caFile: "/ca.crt", requireCertificate: true };

  const config = renderMosquittoConfig({ ...PLAIN, websocketPort: 9001, tls });

  const perListener = "certfile /c.crt\nkeyfile /c.key\ncafile /ca.crt\nrequire_certificate true\n";
  expect(config).toContain(`listener 1883 127.0.0.1\n${perListener}`);
  expect(config.endsWith(`listener 9001 127.0.0.1\nprotocol websockets\nsocket_domain ipv4\n${perListener}`)).toBe(
    true,
  );
});

test("A store is written after each change, in its own directory", () => {
  const config = renderMosquittoConfig({ ...PLAIN, persistenceDirectory: "/var/robot" });

  expect(config).toContain("persistence_location /var/robot/\nautosave_interval 1\nautosave_on_changes true\n");
});

test("Further lines stand before the listeners, where global options belong", () => {
  const config = renderMosquittoConfig({ ...PLAIN, extraLines: ["sys_interval 1"] });

  expect(config.indexOf("sys_interval 1")).toBeLessThan(config.indexOf("listener 1883"));
  expect(config).toContain("\nsys_interval 1\n");
});

test("A path with a line break in it is refused", () => {
  expect(() => renderMosquittoConfig({ ...PLAIN, aclFile: "/a\nallow_anonymous true" })).toThrow(TypeError);
});

test("a store that is saved every so often counts seconds, not changes", () => {
  const config = renderMosquittoConfig({ ...PLAIN, persistenceDirectory: "/var/robot", saveEverySec: 10 });

  expect(config).toContain("autosave_interval 10\nautosave_on_changes false\n");
});
