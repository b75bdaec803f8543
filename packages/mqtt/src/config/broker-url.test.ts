import { inspect } from "node:util";
import { plantedSecret } from "@ts-tars/harness";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../errors.ts";
import { addressOf, parseBrokerUrl, redactUrl } from "./broker-url.ts";
import { Secret } from "./secret.ts";

const SECRET = plantedSecret("sunflower");

/** Everything a careless program could do to show a value. */
function everySight(value: unknown): string {
  return [inspect(value, { depth: 9, showHidden: true }), JSON.stringify(value), `${String(value)}`].join("\n");
}

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigurationError) return everySight(error) + error.message + String(error.stack);
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a broker's address", () => {
  it("is taken apart with user, password, host and port", () => {
    const url = parseBrokerUrl("mqtt://tars:pass@broker.local:1884");

    expect(url).toMatchObject({ protocol: "mqtt", host: "broker.local", port: 1884, path: "", username: "tars" });
    expect(url.password?.reveal()).toBe("pass");
  });

  it("needs no user and no password", () => {
    const url = parseBrokerUrl("mqtt://broker.local:1884");

    expect(url).toEqual({ protocol: "mqtt", host: "broker.local", port: 1884, path: "" });
  });

  it("has the scheme's port when it names none", () => {
    const ports = ["mqtt://h", "mqtts://h", "ws://h", "wss://h"].map((text) => parseBrokerUrl(text).port);

    expect(ports).toEqual([1883, 8883, 80, 443]);
  });

  it("is localhost when it names no host", () => {
    expect(parseBrokerUrl("mqtt://user:pass@:1884")).toMatchObject({ host: "localhost", port: 1884, username: "user" });
  });

  it("may be nothing but its scheme", () => {
    expect(parseBrokerUrl("mqtt://")).toMatchObject({ host: "localhost", port: 1883 });
  });

  it.each([
    ["http://localhost:1883", /has the scheme http; use ws$/m],
    ["https://localhost", /has the scheme https; use wss$/m],
    ["tcp://localhost", /has the scheme tcp; use mqtt$/m],
    ["ssl://localhost", /has the scheme ssl; use mqtts$/m],
    ["amqp://localhost", /has the scheme amqp; use mqtt, mqtts, ws or wss/],
    ["localhost:1883", /is not an address such as mqtt:\/\/localhost:1883/],
    ["localhost", /is not an address/],
    ["", /is not an address/],
    ["mqtt:localhost", /is not an address/],
  ])("is refused with another scheme or none: %s", (text, message) => {
    expect(() => parseBrokerUrl(text)).toThrow(message);
    expect(() => parseBrokerUrl(text)).toThrow(ConfigurationError);
  });

  it("has no path that means anything over TCP", () => {
    expect(parseBrokerUrl("mqtt://broker.local:1884/some/path?x=1")).toMatchObject({ host: "broker.local", path: "" });
  });

  it("shows its password to nobody who prints, inspects or serialises it", () => {
    const url = parseBrokerUrl(`mqtt://tars:${SECRET}@broker.local`);

    expect(everySight(url)).not.toContain(SECRET);
    expect(everySight(url)).toContain("[secret]");
  });

  it("has a path and a query over WebSocket, /mqtt when it names none", () => {
    const paths = ["ws://h", "ws://h/", "wss://h/broker?key=1"].map((text) => parseBrokerUrl(text).path);

    expect(paths).toEqual(["/mqtt", "/mqtt", "/broker?key=1"]);
  });

  it("keeps a WebSocket's port also when it is the scheme's own", () => {
    expect([parseBrokerUrl("ws://h:80").port, parseBrokerUrl("ws://h:8083").port]).toEqual([80, 8083]);
  });

  it("may be an IPv6 address in brackets", () => {
    const url = parseBrokerUrl("mqtts://[2001:db8::1]:8884");

    expect(url).toMatchObject({ host: "2001:db8::1", port: 8884 });
    expect(addressOf(url)).toBe("mqtts://[2001:db8::1]:8884");
  });

  it("has its user and password percent-decoded, whatever they are", () => {
    const text = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(text, text, (user, password) => {
        const url = parseBrokerUrl(`mqtt://${encodeURIComponent(user)}:${encodeURIComponent(password)}@h`);

        expect([url.username, url.password?.reveal(), url.host]).toEqual([user, password, "h"]);
      }),
    );
  });

  it.each([
    ["a port beyond 65 535", `mqtt://u:${SECRET}@h:99999`],
    ["a port of letters", `mqtt://u:${SECRET}@h:mqtt`],
    ["the port 0", `mqtt://u:${SECRET}@h:0`],
    ["a host with a space", `mqtt://u:${SECRET}@my host`],
    ["a half percent sign in its password", `mqtt://u:${SECRET}%zz@h`],
    ["a half percent sign in its user", `mqtt://u%zz:${SECRET}@h`],
    ["another scheme", `http://u:${SECRET}@h`],
    ["an unencoded slash in its password", `mqtt://u:${SECRET}/${SECRET}@h:99999`],
    ["no scheme at all", `u:${SECRET}@h`],
  ])("is refused with %s, and the error does not show the password", (_what, text) => {
    expect(messageOf(() => parseBrokerUrl(text))).not.toContain(SECRET);
  });

  it("is written without user and password where it is to be dialled or printed", () => {
    expect(addressOf(parseBrokerUrl("mqtt://u:p@h"))).toBe("mqtt://h:1883");
    expect(addressOf(parseBrokerUrl("wss://u:p@h/x?y=1"))).toBe("wss://h:443/x?y=1");
  });
});

describe("a redacted address", () => {
  it.each([
    ["mqtt://h:1883", "mqtt://h:1883"],
    ["mqtt://u@h", "mqtt://u@h"],
    [`mqtt://u:${SECRET}@h:1`, "mqtt://u:***@h:1"],
    [`mqtt://u:${SECRET}@${SECRET}@h`, "mqtt://u:***@h"],
    [`mqtt://u:${SECRET}/${SECRET}@h`, "mqtt://u:***@h"],
    [`mqtt://:${SECRET}@h`, "mqtt://:***@h"],
    [`wss://h/mqtt?token=${SECRET}#${SECRET}`, "wss://h/mqtt?…"],
    [`nonsense ${SECRET}`, "(an address that cannot be read)"],
  ])("of %s is %s", (text, redacted) => {
    expect(redactUrl(text)).toBe(redacted);
  });

  it("never shows a password, whatever surrounds it", () => {
    const part = fc.stringMatching(/^[a-z0-9:/@?#%]{0,12}$/);
    fc.assert(fc.property(part, (tail) => !redactUrl(`mqtt://user:S3CRET${tail}@host`).includes("S3CRET")));
  });
});

describe("a secret", () => {
  it("is given out by reveal and by nothing else", () => {
    const secret = new Secret(SECRET);

    expect(secret.reveal()).toBe(SECRET);
    expect(everySight({ deep: { secret } }) + everySight(secret)).not.toContain(SECRET);
    expect(everySight(structuredClone({ secret }))).not.toContain(SECRET);
  });
});
