/** Which broker a command talks to. Pure. */
import type { RunFile } from "./run-file.ts";

/** Where the broker is, and who said so. */
export type BrokerAddress =
  | { readonly kind: "configured" }
  | { readonly kind: "running"; readonly run: RunFile }
  | { readonly kind: "unknown" | "starting"; readonly problem: string };

/** What is known. */
export interface AddressFacts {
  /** By `--url`, `MQTT_URL` or the configuration file. */
  readonly hasUrl: boolean;
  readonly run: RunFile | undefined;
}

/** A configured URL, else the robot that runs here, else a sentence with what to do. */
export function findBroker({ hasUrl, run }: AddressFacts): BrokerAddress {
  if (hasUrl) return { kind: "configured" };
  if (run === undefined) {
    return {
      kind: "unknown",
      problem: 'Nothing runs here. Start it with "tars up" (or "npm start"), or name a broker with --url.',
    };
  }
  if (run.url === "")
    return { kind: "starting", problem: `"tars up" (pid ${run.pid}) is still starting. Try again in a moment.` };
  return { kind: "running", run };
}
