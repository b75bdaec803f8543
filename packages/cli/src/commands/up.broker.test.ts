/** The whole `tars` command as users run it: real processes, a real broker, the real services. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBroker, plantedSecret, until } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTarsHome, START_MS, type TarsHome } from "./tars-home.fixture.ts";

const SECRET = plantedSecret("sunflower");

let site: TarsHome;
let home: string;
beforeEach(() => {
  site = openTarsHome();
  home = site.path;
});
afterEach(() => site[Symbol.asyncDispose]());

const tars: TarsHome["tars"] = (...args) => site.tars(...args);
const startUp: TarsHome["startUp"] = (...args) => site.startUp(...args);
const run: TarsHome["run"] = (...args) => site.run(...args);
const runFile: TarsHome["runFile"] = () => site.runFile();

function isAlive(pid: number): boolean {
  try {
    // A process that has ended and was not waited for is no longer alive.
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const gone = (pids: readonly number[]) => until(() => pids.every((pid) => !isAlive(pid)), { deadlineMs: START_MS });

describe.each(["embedded", "mosquitto"])("with the %s broker", (broker) => {
  test("tars up gets ready and answers, each service a process of its own, and leaves nothing behind", async () => {
    const up = await startUp({ TARS_BROKER: broker });

    const health = await run("health", "--json");
    const answer = await run("ask", "--speak", "no", "what time is it");
    const { services, pid, password } = runFile();
    const pids = Object.values(services);

    expect(health.code).toBe(0);
    const rows = JSON.parse(health.out.join("")) as { pid: number; session_state: string }[]; // printed just now
    expect(rows.map((row) => row.pid).toSorted()).toEqual(pids.toSorted());
    expect(rows.map((row) => row.session_state)).toEqual(rows.map(() => "verified"));
    expect(new Set([...pids, pid]).size).toBe(pids.length + 1);
    expect(pids.every(isAlive)).toBe(true);
    expect(answer).toMatchObject({ code: 0, said: expect.stringMatching(/\d/u) });
    expect(statSync(join(home, "ts-tars", "run.json")).mode & 0o777).toBe(0o600);
    expect(up.said()).not.toContain(password);
    const states = join(home, ".local", "state", "ts-tars", "mqtt");
    expect(readdirSync(states)).toEqual(Object.keys(services).toSorted());
    expect(readdirSync(join(states, "router"))).toContain("outbox.db");

    up.child.kill("SIGINT");
    expect(await up.exit()).toBe(0);
    await gone(pids);
    expect(existsSync(join(home, "ts-tars", "run.json"))).toBe(false);
  });
});

describe("a robot that runs", () => {
  test("a killed router is named by ask, and comes back by itself", async () => {
    const up = await startUp({ TARS_BROKER: "mosquitto" });
    const { services, pid } = runFile();
    const first = services["router"] ?? 0;

    process.kill(first, "SIGKILL");
    await up.lines.until((line) => line.startsWith("router: killed by SIGKILL"));
    // However long the command takes to start: nobody brings the router back meanwhile.
    process.kill(pid, "SIGSTOP");
    const refused = await run("ask", "--speak", "no", "what time is it", "--json");
    process.kill(pid, "SIGCONT");

    expect(refused.code).toBe(69);
    expect(JSON.parse(refused.out.join(""))).toMatchObject({
      error: { code: "CLI_SERVICE_MISSING", service: "router" },
    });
    await up.lines.until((line) => line.startsWith("router is ready"), { deadlineMs: START_MS });
    expect(runFile().services["router"]).not.toBe(first);
    expect((await run("ask", "--speak", "no", "what time is it")).code).toBe(0);
  });

  test("a second tars up says that one runs already, and the first runs on", async () => {
    await startUp({ TARS_BROKER: "embedded" });

    const second = await run("up");

    expect(second).toMatchObject({ code: 1, said: expect.stringMatching(/runs already \(pid \d+, mqtt:/u) });
    expect((await run("health")).code).toBe(0);
  });

  test("when tars up is killed, no service stays behind, and its run file is void", async () => {
    await startUp({ TARS_BROKER: "mosquitto" });
    const { pid, services, broker } = runFile();

    process.kill(pid, "SIGKILL");

    await gone([...Object.values(services), broker.pid ?? pid]);
    const after = await run("health");
    expect(after).toMatchObject({ code: 69, said: expect.stringContaining("Nothing runs here") });
  });

  test("a broker that was killed comes back, and the run file names the new one", async () => {
    await startUp({ TARS_BROKER: "mosquitto" });
    const first = runFile().broker.pid ?? 0;

    process.kill(first, "SIGKILL");

    const next = await until(() => {
      const { pid } = runFile().broker;
      return pid === first ? undefined : pid;
    });
    expect(isAlive(next)).toBe(true);
    expect((await run("ask", "--speak", "no", "what time is it")).code).toBe(0);
  });

  test("with --in-process all services share the process of tars up", async () => {
    const up = await startUp({ TARS_BROKER: "embedded" }, "--in-process");
    const { pid, services } = runFile();

    expect(new Set(Object.values(services))).toEqual(new Set([pid]));
    expect((await run("ask", "--speak", "no", "what time is it")).code).toBe(0);

    up.child.kill("SIGTERM");
    expect(await up.exit()).toBe(0);
  });
});

describe("with a broker that was configured", () => {
  test("a service with wrong settings is left down and named, and the others run", async () => {
    await using broker = await openBroker({ password: true });
    const { username = "", password = "" } = broker.credentials ?? {};
    const url = broker.url.replace("://", `://${username}:${password}@`);
    const up = tars(["up"], { MQTT_URL: url, LLM_MAX_TOKENS: "many" });

    await up.lines.until((line) => line === "not ready: llm-worker", { deadlineMs: START_MS });

    expect(up.said()).toMatch(/^llm-worker .* DOWN$/mu);
    expect(up.said().match(/LLM_MAX_TOKENS is "many"/gu)).toHaveLength(1);
    expect(runFile()).toMatchObject({ url: broker.url, username, password });
    // Another shell knows nothing of the broker but what the run file says.
    expect((await run("ask", "--speak", "no", "what time is it")).code).toBe(0);
    expect((await run("health", "--json")).code).toBe(1);
  });
});

describe("before anything starts", () => {
  test("a configured broker that does not answer is named, with who configured it", async () => {
    await using gone = await openBroker();
    await gone.stop();
    const up = tars(["up"], { MQTT_URL: gone.url });

    expect(await up.exit()).toBe(69);
    expect(up.said()).toMatch(/^tars: The broker at \S+ \(MQTT_URL\) cannot be used: connect ECONNREFUSED/mu);
  });

  test("a password that stands in a file reaches the broker, and one that is wrong is told once", async () => {
    await using broker = await openBroker({ password: true });
    const { username = "", password = "" } = broker.credentials ?? {};
    const file = join(home, "password");
    const env = { MQTT_URL: broker.url, MQTT_USERNAME: username, MQTT_PASSWORD_FILE: file };

    writeFileSync(file, `${password}x`);
    const refused = tars(["up"], env);
    expect(await refused.exit()).toBe(69);
    expect(refused.said().match(/refused the connection/gu)).toHaveLength(1);

    writeFileSync(file, password);
    const health = tars(["health"], env);
    expect(await health.exit()).toBe(1);
    expect(health.said()).toContain("No service has ever said anything at this broker.");
  });

  test("settings that nobody reads are pointed out, with what was probably meant", async () => {
    await using locked = await openBroker({ password: true });
    const up = tars(["up"], { MQTT_URL: locked.url, LLM_MODLE: "x", ROUTER_HISTROY_TURNS: "3" });

    expect(await up.exit()).toBe(69);
    expect(up.said()).toContain("LLM_MODLE is not a setting of llm-worker. Did you mean LLM_MODEL?");
    expect(up.said()).toContain("Did you mean ROUTER_HISTORY_TURNS?");
  });

  test("wrong settings are all told at once", async () => {
    const up = tars(["up"], { TARS_BROKER: "none", MQTT_KEEPALIVE: "0" });

    expect(await up.exit()).toBe(78);
    expect(up.said()).toContain('TARS_BROKER is "none"');
    expect(up.said()).toContain('MQTT_KEEPALIVE is "0"');
  });

  test("config shows each value with its origin, and no secret", async () => {
    const config = tars(["config", "--json"], { MQTT_URL: `mqtt://me:${SECRET}@box`, OPENAI_API_KEY: SECRET });

    expect(await config.exit()).toBe(0);
    expect(config.said()).toContain(
      '{"section":"mqtt","key":"url","variable":"MQTT_URL","value":"mqtt://me:***@box","from":"env"',
    );
    expect(config.said()).not.toContain(SECRET);
  });

  test("doctor names what is missing with the command that helps", async () => {
    const doctor = tars(["doctor", "--json"]);

    await doctor.exit();
    const findings = JSON.parse(doctor.lines.seen.join("")) as { part: string; remedy?: string }[]; // printed just now
    expect(findings).toContainEqual(
      expect.objectContaining({ part: "model", remedy: expect.stringContaining("OPENAI_BASE_URL") }),
    );
    expect(findings).toContainEqual(expect.objectContaining({ part: "broker", remedy: "tars up" }));
  });
});
