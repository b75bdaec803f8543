/** That `deploy/mosquitto` does what it says: a real Mosquitto with that file, but for its paths and ports. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { accepts, findMosquitto } from "@ts-tars/broker";
import { turnAnswer, turnAsk } from "@ts-tars/contracts";
import { type Certificates, createCertificates, drawPort, recorder, until } from "@ts-tars/harness";
import { type ConnectOptions, connect, type Undelivered } from "@ts-tars/mqtt";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";

const DEPLOY = fileURLToPath(new URL("../../../../deploy/mosquitto/", import.meta.url));
const ANSWER = { utt_id: "0".repeat(32), seq: 0, text: "Noon.", path: "intent", final: true } as const;

let directory: string;
let certificates: Certificates;
let broker: ChildProcess | undefined;
beforeEach(async () => {
  [directory, certificates] = await Promise.all([mkdtemp(join(tmpdir(), "ts-tars-deploy-")), createCertificates()]);
});
afterEach(async () => {
  if (broker !== undefined && broker.exitCode === null) {
    const ended = once(broker, "exit");
    broker.kill("SIGKILL");
    await ended;
  }
  await certificates[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

/** Starts it; `change` is what a person would do to the file in an editor. */
async function start(change: (conf: string) => string = (conf) => conf, moreRights = "") {
  const [tls, websocket] = [await drawPort(), await drawPort()];
  const conf = await readFile(join(DEPLOY, "mosquitto.conf"), "utf8");
  const placed = change(conf)
    .replaceAll("/etc/mosquitto/tars", directory)
    .replaceAll("/var/lib/mosquitto", directory)
    .replace("listener 8883", `listener ${tls} 127.0.0.1`)
    .replace("listener 8884\n", `listener ${websocket} 127.0.0.1\nsocket_domain ipv4\n`);
  const asRoot = process.getuid?.() === 0 ? "user root\n" : "";
  await writeFile(join(directory, "mosquitto.conf"), `${asRoot}${placed}`);
  await copyFile(certificates.serverCertFile, join(directory, "server.crt"));
  await copyFile(certificates.serverKeyFile, join(directory, "server.key"));
  await copyFile(certificates.caFile, join(directory, "ca.crt"));
  await writeFile(join(directory, "acl"), `${await readFile(join(DEPLOY, "acl"), "utf8")}${moreRights}`);
  for (const [index, user] of ["operator", "router"].entries()) {
    execFileSync("mosquitto_passwd", [
      ...(index === 0 ? ["-c"] : []),
      "-b",
      join(directory, "passwords"),
      user,
      `of ${user}`,
    ]);
  }
  await chmod(join(directory, "passwords"), 0o600);
  const program = (await findMosquitto())?.path ?? "mosquitto";
  broker = spawn(program, ["-c", join(directory, "mosquitto.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  const lines = recorder<string>();
  if (broker.stderr !== null) createInterface({ input: broker.stderr }).on("line", lines.push);
  await lines.until((line) => / running$/u.test(line));
  await until(() => accepts("127.0.0.1", websocket));
  return { mqtts: `mqtts://localhost:${tls}`, wss: `wss://localhost:${websocket}/mqtt` };
}

function enter(url: string, more: Partial<ConnectOptions>) {
  const undelivered = recorder<Undelivered>(({ topic, reason }) => `${topic} ${reason}`);
  const tls = { ca: certificates.caPem };
  const client = connect({ url, tls, protocol: "5", onUndelivered: undelivered.push, ...more });
  onTestFinished(() => client.close());
  return { client, undelivered };
}

const passwordOf = (username: string): Partial<ConnectOptions> => ({
  source: username,
  credentials: { username, password: `of ${username}` },
});

describe.each(["mqtts", "wss"] as const)("over %s", (scheme) => {
  test("each user does what is his, and what is another's is refused", async () => {
    const urls = await start();
    const [operator, router] = [enter(urls[scheme], passwordOf("operator")), enter(urls[scheme], passwordOf("router"))];
    const [asked, answered] = [recorder<string>(), recorder<string>()];
    await router.client.subscribe(turnAsk, ({ data }) => asked.push(data.text)).active;
    await operator.client.subscribe(turnAnswer, ({ data }) => answered.push(data.text)).active;

    await operator.client.publishConfirmed(turnAsk, { utt_id: ANSWER.utt_id, text: "What time is it?" });
    await router.client.publishConfirmed(turnAnswer, ANSWER);
    operator.client.publish(turnAnswer, { ...ANSWER, text: "Midnight." });

    expect(await operator.undelivered.next()).toMatchObject({
      topic: "turn/answer",
      reason: "refused",
      reasonCode: 0x87,
    });
    expect([await asked.next(), await answered.next()]).toEqual(["What time is it?", "Noon."]);
  });

  test("with the lines for mutual TLS a certificate is asked for, and is the user", async () => {
    const mutual = (conf: string): string => conf.replaceAll(/^#(require_certificate|use_identity)/gmu, "$1");
    const urls = await start(mutual, "\nuser client\ntopic write turn/answer\n");
    const tls = { ca: certificates.caPem, cert: certificates.clientCertPem, key: certificates.clientKeyPem };
    const known = enter(urls[scheme], { tls });
    const stranger = enter(urls[scheme], passwordOf("operator"));

    await known.client.publishConfirmed(turnAnswer, ANSWER);
    known.client.publish(turnAsk, { utt_id: ANSWER.utt_id, text: "May I?" });

    expect(await known.undelivered.next()).toMatchObject({ topic: "turn/ask", reason: "refused" });
    const why = await until(() => {
      const { state } = stranger.client;
      return state.kind === "down" ? state.error.message : undefined;
    });
    expect(why).toMatch(/client certificate/u);
  });
});
