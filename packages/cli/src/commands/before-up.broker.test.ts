/** What `tars` says and does where no robot runs: real processes, with their words and exit codes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBroker, plantedSecret } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTarsHome, type TarsHome } from "./tars-home.fixture.ts";

const SECRET = plantedSecret("sunflower");

let home: TarsHome;
beforeEach(() => {
  home = openTarsHome();
});
afterEach(() => home[Symbol.asyncDispose]());

describe("before anything starts", () => {
  test("a configured broker that does not answer is named, with who configured it", async () => {
    await using gone = await openBroker();
    await gone.stop();
    const up = home.tars(["up"], { MQTT_URL: gone.url });

    expect(await up.exit()).toBe(69);
    expect(up.said()).toMatch(/^tars: The broker at \S+ \(MQTT_URL\) cannot be used: connect ECONNREFUSED/mu);
  });

  test("a password that stands in a file reaches the broker, and one that is wrong is told once", async () => {
    await using broker = await openBroker({ password: true });
    const { username = "", password = "" } = broker.credentials ?? {};
    const file = join(home.path, "password");
    const env = { MQTT_URL: broker.url, MQTT_USERNAME: username, MQTT_PASSWORD_FILE: file };

    writeFileSync(file, `${password}x`);
    const refused = home.tars(["up"], env);
    expect(await refused.exit()).toBe(69);
    expect(refused.said().match(/refused the connection/gu)).toHaveLength(1);

    writeFileSync(file, password);
    const health = home.tars(["health"], env);
    expect(await health.exit()).toBe(1);
    expect(health.said()).toContain("No service has ever said anything at this broker.");
  });

  test("settings that nobody reads are pointed out, with what was probably meant", async () => {
    await using locked = await openBroker({ password: true });
    const up = home.tars(["up"], { MQTT_URL: locked.url, LLM_MODLE: "x", ROUTER_HISTROY_TURNS: "3" });

    expect(await up.exit()).toBe(69);
    expect(up.said()).toContain("LLM_MODLE is not a setting of llm-worker. Did you mean LLM_MODEL?");
    expect(up.said()).toContain("Did you mean ROUTER_HISTORY_TURNS?");
  });

  test("wrong settings are all told at once", async () => {
    const up = home.tars(["up"], { TARS_BROKER: "none", MQTT_KEEPALIVE: "0" });

    expect(await up.exit()).toBe(78);
    expect(up.said()).toContain('TARS_BROKER is "none"');
    expect(up.said()).toContain('MQTT_KEEPALIVE is "0"');
  });

  test("config shows each value with its origin, and no secret", async () => {
    const config = home.tars(["config", "--json"], { MQTT_URL: `mqtt://me:${SECRET}@box`, OPENAI_API_KEY: SECRET });

    expect(await config.exit()).toBe(0);
    expect(config.said()).toContain(
      '{"section":"mqtt","key":"url","variable":"MQTT_URL","value":"mqtt://me:***@box","from":"env"',
    );
    expect(config.said()).not.toContain(SECRET);
  });

  test("doctor names what is missing with the command that helps", async () => {
    const doctor = home.tars(["doctor", "--json"]);

    await doctor.exit();
    const findings = JSON.parse(doctor.lines.seen.join("")) as { part: string; remedy?: string }[]; // printed just now
    expect(findings).toContainEqual(
      expect.objectContaining({ part: "model", remedy: expect.stringContaining("OPENAI_BASE_URL") }),
    );
    expect(findings).toContainEqual(expect.objectContaining({ part: "broker", remedy: "tars up" }));
  });
});
