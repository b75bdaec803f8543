/** The whole `tars` command as users run it: real processes, a real broker, the real services. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { openBroker, rawClient, until } from "@ts-tars/harness";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunFile } from "../run-file.ts";
import { openTarsHome, START_MS, type TarsHome, type TarsProcess } from "./tars-home.fixture.ts";

let home: TarsHome;

function isAlive(pid: number): boolean {
  try {
    // A process that has ended and was not waited for is no longer alive.
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const gone = (pids: readonly number[]) => until(() => pids.every((pid) => !isAlive(pid)), { deadlineMs: START_MS });
const ask = (...more: readonly string[]) => home.run("ask", "--speak", "no", "what time is it", ...more);

/** What a process was told to log in with. */
function loginOf(pid: number): { readonly username: string; readonly password: string } {
  const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  const read = (name: string): string =>
    variables.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  return { username: read("MQTT_USERNAME"), password: read("MQTT_PASSWORD") };
}

// One robot for the tests of each group, in their order: to start it is most of the work. The last one ends it.
describe.each(["embedded", "mosquitto"])("with the %s broker", (broker) => {
  let up: TarsProcess;
  let first: RunFile;
  beforeAll(async () => {
    home = openTarsHome();
    up = await home.startUp({ TARS_BROKER: broker });
    first = home.runFile();
  });
  afterAll(() => home[Symbol.asyncDispose]());

  test("tars up gets ready and answers, each service a process of its own", async () => {
    const health = await home.run("health", "--json");
    const answer = await ask();
    const pids = Object.values(first.services);

    expect(health.code).toBe(0);
    const rows = JSON.parse(health.out.join("")) as { pid: number; session_state: string }[]; // printed just now
    expect(rows.map((row) => row.pid).toSorted()).toEqual(pids.toSorted());
    expect(rows.map((row) => row.session_state)).toEqual(rows.map(() => "verified"));
    expect(new Set([...pids, first.pid]).size).toBe(pids.length + 1);
    expect(pids.every(isAlive)).toBe(true);
    expect(answer).toMatchObject({ code: 0, said: expect.stringMatching(/\d/u) });
    expect(statSync(join(home.path, "ts-tars", "run.json")).mode & 0o777).toBe(0o600);
    expect(up.said()).not.toContain(first.password);
    const states = join(home.path, ".local", "state", "ts-tars", "mqtt");
    expect(readdirSync(states)).toEqual(Object.keys(first.services).toSorted());
    expect(readdirSync(join(states, "router"))).toContain("outbox.db");
  });

  test("whoever reads run.json hears everything and says what a person says, and nothing for a service", async () => {
    const { url, username = "", password = "" } = first;
    const protocolVersion = broker === "embedded" ? 4 : 5;
    await using person = await rawClient({ url, protocolVersion, mqttOptions: { username, password } });
    await person.subscribe("#");
    const utt_id = "0".repeat(32);

    const forged = await person.publish("turn/answer", { utt_id, text: "forged" }).catch((error: unknown) => error);
    await person.publish("system/keepalive/fence", "fence");

    const heard = await person.received.takeThrough(({ text }) => text === "fence");
    expect(heard.filter(({ topic }) => topic === "turn/answer")).toEqual([]);
    expect(heard.map(({ topic }) => topic)).toContain("system/health/router");
    if (broker === "mosquitto") expect(forged).toMatchObject({ code: 0x87 });
    else await up.lines.until((line) => /^the broker dropped a message of operator .* turn\/answer/u.test(line));
  });

  test("a second tars up says that one runs already, and the first runs on", async () => {
    const second = await home.run("up");

    expect(second).toMatchObject({ code: 1, said: expect.stringMatching(/runs already \(pid \d+, mqtt:/u) });
    expect((await home.run("health")).code).toBe(0);
    expect(home.runFile()).toEqual(first);
  });

  test("at Ctrl-C the robot stops in order, and leaves nothing behind", async () => {
    up.child.kill("SIGINT");

    expect(await up.exit()).toBe(0);
    await gone(Object.values(first.services));
    expect(existsSync(join(home.path, "ts-tars", "run.json"))).toBe(false);
  });
});

describe("a robot whose parts are killed", () => {
  let up: TarsProcess;
  beforeAll(async () => {
    home = openTarsHome();
    up = await home.startUp({ TARS_BROKER: "mosquitto" });
  });
  afterAll(() => home[Symbol.asyncDispose]());

  test("each service logs in as itself, with a password that stands nowhere else", () => {
    const run = home.runFile();
    const store = join(home.path, ".local", "state", "ts-tars");
    const secretFiles = ["acl", "passwords", "mosquitto.conf"].map((name) => join(store, "broker", name));

    const logins = Object.entries(run.services).map(([service, pid]) => ({ service, ...loginOf(pid) }));

    expect(logins.map(({ username }) => username)).toEqual(logins.map(({ service }) => service));
    const passwords = [...logins.map(({ password }) => password), run.password ?? ""];
    expect(new Set(passwords).size).toBe(logins.length + 1);
    const logs = logins.map(({ service }) => join(store, "logs", `${service}.log`));
    const files = [...secretFiles, ...logs].map((path) => readFileSync(path, "utf8"));
    const written = [up.said(), JSON.stringify({ ...run, password: "" }), ...files].join("\n");
    expect(passwords.filter((password) => password.length < 32 || written.includes(password))).toEqual([]);
    expect(secretFiles.map((path) => statSync(path).mode & 0o777)).toEqual(secretFiles.map(() => 0o600));
  });

  test("a killed router is named by ask, and comes back by itself", async () => {
    const { services, pid } = home.runFile();
    const first = services["router"] ?? 0;

    process.kill(first, "SIGKILL");
    await up.lines.until((line) => line.startsWith("router: killed by SIGKILL"));
    // However long the command takes to start: nobody brings the router back meanwhile.
    process.kill(pid, "SIGSTOP");
    const refused = await ask("--json");
    process.kill(pid, "SIGCONT");

    expect(refused.code).toBe(69);
    expect(JSON.parse(refused.out.join(""))).toMatchObject({
      error: { code: "CLI_SERVICE_MISSING", service: "router" },
    });
    await up.lines.until((line) => line.startsWith("router is ready"), { deadlineMs: START_MS });
    expect(home.runFile().services["router"]).not.toBe(first);
    expect((await ask()).code).toBe(0);
  });

  test("a broker that was killed comes back, and the run file names the new one", async () => {
    const first = home.runFile().broker.pid ?? 0;

    process.kill(first, "SIGKILL");

    const next = await until(() => {
      const { pid } = home.runFile().broker;
      return pid === first ? undefined : pid;
    });
    expect(isAlive(next)).toBe(true);
    expect((await ask()).code).toBe(0);
  });

  test("when tars up is killed, no service stays behind, and its run file is void", async () => {
    const { pid, services, broker } = home.runFile();

    process.kill(pid, "SIGKILL");

    await gone([...Object.values(services), broker.pid ?? pid]);
    const after = await home.run("health");
    expect(after).toMatchObject({ code: 69, said: expect.stringContaining("Nothing runs here") });
  });
});

describe("a robot of its own", () => {
  beforeEach(() => {
    home = openTarsHome();
  });
  afterEach(() => home[Symbol.asyncDispose]());

  test("with --in-process all services share the process of tars up", async () => {
    const up = await home.startUp({ TARS_BROKER: "embedded" }, "--in-process");
    const { pid, services } = home.runFile();

    expect(new Set(Object.values(services))).toEqual(new Set([pid]));
    expect((await ask()).code).toBe(0);

    up.child.kill("SIGTERM");
    expect(await up.exit()).toBe(0);
  });

  test("a service with wrong settings is left down and named, and the others run", async () => {
    await using broker = await openBroker({ password: true });
    const { username = "", password = "" } = broker.credentials ?? {};
    const url = broker.url.replace("://", `://${username}:${password}@`);
    const up = home.tars(["up"], { MQTT_URL: url, LLM_MAX_TOKENS: "many" });

    await up.lines.until((line) => line === "not ready: llm-worker", { deadlineMs: START_MS });

    expect(up.said()).toMatch(/^llm-worker .* DOWN$/mu);
    expect(up.said().match(/LLM_MAX_TOKENS is "many"/gu)).toHaveLength(1);
    expect(home.runFile()).toMatchObject({ url: broker.url, username, password });
    // Another shell knows nothing of the broker but what the run file says.
    expect((await ask()).code).toBe(0);
    expect((await home.run("health", "--json")).code).toBe(1);
  });
});
