/** What a robot of a test says, shown to the watch for planted texts: its messages and its log files. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BrokerEar, isWatching, lookAt, openBrokerEar, suiteWatch } from "@ts-tars/harness/watch";
import type { RunFile } from "../run-file.ts";

/** Learns the passwords that `tars up` drew, and listens at its broker when that is its own; undefined: nothing to listen to. */
export async function watchRobot({
  password,
  services,
  broker,
  username,
  port,
}: RunFile): Promise<BrokerEar | undefined> {
  if (!isWatching() || username === undefined || password === undefined) return undefined;
  suiteWatch().learn(password, "the password in run.json");
  for (const [service, pid] of Object.entries(services)) {
    const own = passwordOf(pid);
    if (own !== undefined) suiteWatch().learn(own, `the password of ${service}`);
  }
  if (broker.kind === "external") return undefined; // a harness' broker has an ear already
  const protocolVersion = broker.kind === "mosquitto" ? 5 : 4;
  return openBrokerEar({ port, protocolVersion, credentials: { username, password }, certificates: undefined });
}

/** Looks at the log files below a home. */
export function lookAtLogFiles(home: string): void {
  const folder = join(home, ".local", "state", "ts-tars", "logs");
  for (const name of namesIn(folder)) {
    for (const line of readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean)) {
      lookAt({ kind: "line", where: `the log file ${name}`, text: line });
    }
  }
}

/** Undefined when it has ended, or logs in with nothing. */
function passwordOf(pid: number): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return variables.find((each) => each.startsWith("MQTT_PASSWORD="))?.slice("MQTT_PASSWORD=".length);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // in one process, or never started
  }
}
