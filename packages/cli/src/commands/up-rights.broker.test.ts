/** Who may say what at the broker of a robot that runs: real processes, a real broker, the real services. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { rawClient } from "@ts-tars/harness";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTarsHome, type TarsHome } from "./tars-home.fixture.ts";

let home: TarsHome;
beforeEach(() => {
  home = openTarsHome();
});
afterEach(() => home[Symbol.asyncDispose]());

test.each(["embedded", "mosquitto"])(
  "at the %s broker whoever reads run.json hears everything and says what a person says, and nothing for a service",
  async (broker) => {
    const up = await home.startUp({ TARS_BROKER: broker });
    const { url, username = "", password = "" } = home.runFile();
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
  },
);

test("each service logs in as itself, with a password that stands nowhere else", async () => {
  const up = await home.startUp({ TARS_BROKER: "mosquitto" });
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

/** What a process was told to log in with. */
function loginOf(pid: number): { readonly username: string; readonly password: string } {
  const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  const read = (name: string): string =>
    variables.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  return { username: read("MQTT_USERNAME"), password: read("MQTT_PASSWORD") };
}
