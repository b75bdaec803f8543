import { expect, test } from "vitest";
import { explainTls } from "./explain-tls.ts";

const failure = (code: string): Error => Object.assign(new Error("40DD:error:0A00045C:SSL routines"), { code });
const FIRST = { url: "mqtts://hub:8883", hadSuccess: false };

test.each([
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "asks for a client certificate, and was shown none"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "does not accept the client certificate"],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "does not accept the client certificate"],
  ["ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED", "does not accept the client certificate"],
  ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "or misses one"],
  ["ECONNRESET", "it may ask for a client certificate"],
])("%s is put into words, with what to look at, and keeps its code", (code, words) => {
  const explained = explainTls(failure(code), FIRST);

  expect(explained.message).toContain(words);
  expect(explained.message).toContain("MQTT_CERT_FILE and MQTT_KEY_FILE");
  expect(explained).toMatchObject({ code });
});

test("a connection that was reset is only that where there is no TLS, or where the broker has let us in before", () => {
  const reset = failure("ECONNRESET");

  expect(explainTls(reset, { url: "mqtt://hub:1883", hadSuccess: false })).toBe(reset);
  expect(explainTls(reset, { ...FIRST, hadSuccess: true })).toBe(reset);
});

test("what says something else stays as it is", () => {
  const refused = failure("ECONNREFUSED");

  expect(explainTls(refused, FIRST)).toBe(refused);
});
