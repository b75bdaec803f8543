/** What the run was asked to be. Pure. */
import { parseArgs } from "node:util";
import { readWhole, UsageError } from "../comparison/usage.ts";

/** Which node is killed: one that leads neither messages nor sessions, one that leads the sessions, or each in its turn. */
export type Victim = (typeof VICTIMS)[number];

const VICTIMS = ["follower", "leader", "each"] as const;

/** A command, understood. */
export interface ScaleCommand {
  /** Undefined: to be drawn. */
  readonly seed: number | undefined;
  readonly clientCount: number;
  readonly listenerCount: number;
  readonly messagesPerSecond: number;
  readonly killCount: number;
  readonly victim: Victim;
  /** By a record of every packet; else by what the applications noted. */
  readonly isRecorded: boolean;
  readonly json: boolean;
}

/** One screen. */
export const USAGE = `npm run bench:scale -- [--short] [--clients N] [--listeners N] [--rate N] [--kills N] [--seed N] [--json]

  --short         20 clients, 5 of them listeners, 100 messages a second, on record
  --record        record every packet and judge by that; for many clients this takes a machine with more than two cores
  --clients N     clients of the cluster, from 3 to 2000. Default: 500
  --listeners N   how many of them listen, each to its share of all. Default: a tenth
  --rate N        messages a second of all together. Default: 1000
  --kills N       how often a node gets SIGKILL and is started again, from 1 to 20. Default: 3
  --victim V      follower: a node that leads neither the messages nor the sessions of MQTT. leader: the one that leads the
                  sessions; then nobody gets in until the others have elected another, 5 s and more. each: every node in
                  its turn. Default: follower
  --seed N        a whole number from 0 to 4294967295; the same seed, the same nodes and pauses. Default: drawn and printed
  --json          one JSON document on standard output, nothing else

Needs nats-server. Exit code: 0 all bars met, 1 a bar missed, 2 the command was not understood.`;

const LARGE = { clients: 500, rate: 1_000 };
const SHORT = { clients: 20, rate: 100 };
const KILLS = 3;

/** Reads the arguments. @throws {UsageError} naming what is wrong. */
export function readScaleCommand(args: readonly string[]): ScaleCommand {
  const values = parse(args);
  const defaults = values.short === true ? SHORT : LARGE;
  const clientCount = readWhole("--clients", values.clients, [3, 2_000]) ?? defaults.clients;
  const share = values.short === true ? 4 : 10;
  return {
    seed: readWhole("--seed", values.seed, [0, 2 ** 32 - 1]),
    clientCount,
    listenerCount:
      readWhole("--listeners", values.listeners, [1, clientCount]) ?? Math.max(1, Math.floor(clientCount / share)),
    messagesPerSecond: readWhole("--rate", values.rate, [1, 10_000]) ?? defaults.rate,
    killCount: readWhole("--kills", values.kills, [1, 20]) ?? KILLS,
    victim: readVictim(values.victim),
    isRecorded: values.record === true || values.short === true,
    json: values.json === true,
  };
}

function readVictim(text = "follower"): Victim {
  const victim = VICTIMS.find((known) => known === text);
  if (victim === undefined) throw new UsageError(`--victim is "${text}"; it must be one of ${VICTIMS.join(", ")}.`);
  return victim;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        short: { type: "boolean" },
        record: { type: "boolean" },
        clients: { type: "string" },
        listeners: { type: "string" },
        rate: { type: "string" },
        kills: { type: "string" },
        victim: { type: "string" },
        seed: { type: "string" },
        json: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
