import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificates, rawClient, until, within } from "@ts-tars/harness";
import { expect, onTestFinished, test } from "vitest";
import { type MosquittoOptions, startMosquitto } from "./mosquitto.ts";
import { accepts } from "./port.ts";

async function start(options: MosquittoOptions = {}) {
  const broker = await startMosquitto(options);
  onTestFinished(async () => void (await broker.kill()));
  return broker;
}

async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "ts-tars-broker-test-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test.each([4, 5] as const)(
  "Mosquitto carries a message on protocol version %i once it is started",
  async (protocolVersion) => {
    const broker = await start();
    await using client = await rawClient({ url: broker.url, protocolVersion });

    await client.subscribe("greeting");
    await client.publish("greeting", "hello");

    expect((await client.received.next()).text).toBe("hello");
  },
);

test("Mosquitto is told not to wait with small packets", async () => {
  const broker = await start();

  const config = await readFile(join(broker.directory, "mosquitto.conf"), "utf8");

  expect(config).toContain("set_tcp_nodelay true\nmax_inflight_messages 200\nmax_queued_messages 5000\n");
});

test("A start on a port in use fails with the port and what to do", async () => {
  const broker = await start();

  const second = startMosquitto({ port: broker.port });

  await expect(second).rejects.toMatchObject({
    code: "BROKER_START_FAILED",
    reason: "port_in_use",
    message: expect.stringMatching(
      new RegExp(`Port ${broker.port} on 127\\.0\\.0\\.1 is in use\\. Stop.*Address already in use`, "s"),
    ),
  });
});

test("A configuration that Mosquitto refuses is an error that holds Mosquitto's own reason", async () => {
  const attempt = startMosquitto({ extraConfig: ["nonsense true"] });

  await expect(attempt).rejects.toMatchObject({ reason: "bad_config", message: expect.stringContaining('"nonsense"') });
});

test("A missing program is an error that says how to install it", async () => {
  const attempt = startMosquitto({ program: "/nowhere/mosquitto" });

  await expect(attempt).rejects.toMatchObject({
    code: "BROKER_NOT_INSTALLED",
    message: expect.stringMatching(/"\/nowhere\/mosquitto" was not found.*apt-get install -y mosquitto/),
  });
});

test("A temporary directory is gone after the broker has ended, a given one stays", async () => {
  const given = await temporaryDirectory();
  const temporary = await start();
  const kept = await start({ directory: given });

  await temporary.stop();
  await kept.stop();

  await expect(stat(temporary.directory)).rejects.toMatchObject({ code: "ENOENT" });
  expect(await readdir(given)).toContain("mosquitto.conf");
});

test("Users need their password, and no file holds it in clear text", async () => {
  const user = { username: "tars", password: "p:ss w0rd" };
  const broker = await start({ users: [user] });
  const passwords = join(broker.directory, "passwords");

  await using allowed = await rawClient({ url: broker.url, mqttOptions: user });
  const wrong = { ...user, password: "p" };

  expect(allowed.mqtt.connected).toBe(true);
  await expect(rawClient({ url: broker.url, mqttOptions: wrong })).rejects.toThrow(/not authorized/i);
  await expect(rawClient({ url: broker.url })).rejects.toThrow(/not authorized/i);
  expect((await stat(passwords)).mode & 0o777).toBe(0o600);
  expect(await readFile(passwords, "utf8")).toMatch(/^tars:\$7\$/);
});

test.each([
  { username: "a:b", password: "x" },
  { username: "", password: "x" },
  { username: "a\nb", password: "x" },
  { username: "a", password: "" },
])("A user whose name or password would break the password file is refused: $username", async (user) => {
  await expect(startMosquitto({ users: [user] })).rejects.toBeInstanceOf(TypeError);
});

test("An option with a line break in it does not become a second option", async () => {
  await expect(startMosquitto({ extraConfig: ["log_type all\nallow_anonymous true"] })).rejects.toThrow(/line break/);
});

test("TLS is spoken, and a client without a certificate is refused when one is required", async () => {
  await using certificates = await createCertificates();
  const { serverCertFile: certFile, serverKeyFile: keyFile, caFile, caPem } = certificates;
  const broker = await start({ tls: { certFile, keyFile, caFile, requireCertificate: true } });
  const trust = { ca: caPem, reconnectPeriod: 0 };
  const identity = { cert: certificates.clientCertPem, key: certificates.clientKeyPem };

  await using known = await rawClient({ url: broker.url, mqttOptions: { ...trust, ...identity } });

  expect(broker.url).toBe(`mqtts://127.0.0.1:${broker.port}`);
  expect(known.mqtt.connected).toBe(true);
  await expect(rawClient({ url: broker.url, mqttOptions: trust })).rejects.toThrow();
});

test("The WebSocket listener is on the loopback interface and carries MQTT 5", async () => {
  const broker = await start({ websocketPort: "free" });
  await using client = await rawClient({ url: broker.websocketUrl ?? "" });

  await client.subscribe("greeting");
  await client.publish("greeting", "hello");

  expect((await client.received.next()).text).toBe("hello");
  for (const address of outerAddresses()) expect(await accepts(address, broker.websocketPort ?? 0)).toBe(false);
});

test("Listeners are not reachable from other machines", async () => {
  const broker = await start();

  for (const address of outerAddresses()) expect(await accepts(address, broker.port)).toBe(false);
  expect(await accepts("127.0.0.1", broker.port)).toBe(true);
});

test("Retained messages survive a SIGKILL with persistence and the same directory", async () => {
  const directory = await temporaryDirectory();
  const first = await start({ directory, persistence: true });
  await using writer = await rawClient({ url: first.url });
  await writer.publish("state", "kept", { retain: true });
  // Orderly once: what SIGKILL keeps is Mosquitto's affair, what is on the disk must come back.
  await first.stop();

  const second = await start({ directory, persistence: true, port: first.port });
  await second.kill();
  const third = await start({ directory, persistence: true, port: first.port });
  await using reader = await rawClient({ url: third.url });
  await reader.subscribe("state");

  expect((await reader.received.next()).text).toBe("kept");
});

test("An end by itself is told as not requested, with the last lines of the log", async () => {
  const broker = await start();

  process.kill(broker.pid, "SIGKILL");

  const exit = await broker.exited;
  expect(exit).toMatchObject({ requested: false, signal: "SIGKILL" });
  expect(exit.lastLines.join("\n")).toContain("running");
});

test("A broker that is stopped the moment it has started does stop", async () => {
  for (let round = 0; round < 10; round += 1) {
    const broker = await start();

    expect(await broker.stop()).toMatchObject({ requested: true, code: 0, signal: null });
  }
});

test("A broker ends with the process that started it, also when that is killed", async ({ skip }) => {
  skip(process.platform !== "linux", "only Linux ends a process with its parent");
  const module = new URL("./mosquitto.ts", import.meta.url).href;
  const options = JSON.stringify({ directory: await temporaryDirectory() });
  const script = `import { startMosquitto } from "${module}"; console.log((await startMosquitto(${options})).pid)`;
  const parent = spawn(process.execPath, ["--conditions=ts-tars-source", "--input-type=module", "-e", script]);
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [line] = await within(20_000, once(parent.stdout, "data"));
  const pid = Number(String(line));
  expect(isAlive(pid)).toBe(true);

  parent.kill("SIGKILL");

  await until(() => !isAlive(pid), { describe: () => `Mosquitto ${pid} outlived its parent` });
});

test("A broker is in a process group of its own, so that no Ctrl-C reaches it before its clients", async ({ skip }) => {
  skip(process.platform !== "linux", "reads the process group from /proc");
  const broker = await start();

  const stat = await readFile(`/proc/${broker.pid}/stat`, "utf8");

  // After the name in brackets: state, parent, process group.
  const [, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  expect(Number(group)).toBe(broker.pid);
});

test("Stop and kill may be called twice and after the end", async () => {
  const broker = await start();

  const exits = await Promise.all([broker.stop(), broker.stop()]);
  const late = await broker.kill();

  expect(exits).toEqual([expect.objectContaining({ requested: true, code: 0 }), exits[0]]);
  expect(late).toEqual(exits[0]);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Empty on a machine that has loopback only. */
function outerAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ internal, family }) => !internal && family === "IPv4").map(({ address }) => address);
}
