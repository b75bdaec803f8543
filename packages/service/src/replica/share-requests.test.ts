import { expect, test } from "vitest";
import { sharing } from "./share-requests.ts";

const connectionTo = (protocol: "auto" | "5" | "3.1.1") =>
  ({ ok: true, options: { url: "mqtt://localhost", clientId: "tars-arm.2", protocol }, warnings: ["w"] }) as const;

test.each(["auto", "5"] as const)("a replica that shares, told %s, speaks MQTT 5 and keeps no session", (protocol) => {
  expect(sharing(connectionTo(protocol))).toEqual({
    ok: true,
    options: {
      ...{ url: "mqtt://localhost", clientId: "tars-arm.2", protocol: "5" },
      ...{ cleanStart: true, sessionExpirySec: 0 },
    },
    warnings: ["w"],
  });
});

test("a replica that shares does not start on MQTT 3.1.1", () => {
  expect(sharing(connectionTo("3.1.1"))).toEqual({ ok: false, problems: [expect.stringContaining("MQTT 3.1.1")] });
});
