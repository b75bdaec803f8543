import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, connect } from "@ts-tars/mqtt";
import { ENDED_WITH_ERROR, readSettings } from "@ts-tars/service";
import type { CommonOptions, Context } from "../context.ts";
import { NothingRunsError } from "../errors.ts";
import { withClient } from "../open-client.ts";
import { SERVICES, type ServiceEntry } from "../services.ts";
import { childEnvironment } from "../up/child-environment.ts";
import { inProcessRunner } from "../up/in-process-runner.ts";
import { type OpenedBroker, openBroker } from "../up/open-broker.ts";
import { Robot } from "../up/robot.ts";
import { shownLine } from "../up/shown-line.ts";
import { tarsConfig } from "../up/tars-config.ts";

/** Options of the commands that can bring a robot of their own. */
export interface OnceOptions extends CommonOptions {
  /** With nothing running, start a robot for this one command. */
  readonly once?: boolean;
}

/** Which services the command needs, when it starts them itself. */
export type Needed = readonly string[];

/**
 * Lets `use` talk to the robot that runs; with `--once`, and where none runs, to one that is started for this and ended afterwards.
 *
 * @throws {NothingRunsError} when there is none, or it could not be started.
 */
export async function withRobot<Result>(
  context: Context,
  options: OnceOptions & { readonly needs: Needed },
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  try {
    return await withClient(context, options, use);
  } catch (error) {
    if (!(error instanceof NothingRunsError) || error.absence !== "unknown") throw error;
    if (options.once === true) return await withRobotOfItsOwn(context, options.needs, use);
    throw new NothingRunsError(
      `${error.message} Or add --once: a robot is then started for this one command.`,
      error.absence,
    );
  }
}

/** How long the services may take to come up. */
const READY_LIMIT_MS = 30_000;

async function withRobotOfItsOwn<Result>(
  context: Context,
  needs: Needed,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const { env, readText, stop } = context;
  const settings = readSettings({ name: "up", config: tarsConfig }, { argv: [], env, readText });
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-once-"));
  try {
    const started = SERVICES.filter(({ name }) => needs.includes(name));
    const say = (line: string): void => context.err(`tars: ${line}\n`);
    const broker = await openBroker({ settings, directory, say, stop, started });
    try {
      return await live(context, { broker, entries: started, logLevel: settings.log.values.level }, use);
    } finally {
      await broker.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Parts {
  readonly broker: OpenedBroker;
  readonly entries: readonly ServiceEntry[];
  readonly logLevel: string;
}

async function live<Result>(
  context: Context,
  { broker, entries, logLevel }: Parts,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  await using client = connect(broker.options);
  const onLine = ({ name }: ServiceEntry, line: string): void => {
    const shown = shownLine(line, ENDED_WITH_ERROR);
    if (shown !== undefined) context.err(`${name}: ${shown}\n`);
  };
  // Nobody asked for the room's microphone.
  const env = ({ name }: ServiceEntry) => ({
    ...childEnvironment(context.env, broker.access, name),
    STT_SOURCE: "none",
  });
  const robot = new Robot({
    entries,
    runner: inProcessRunner({ env, logLevel, readText: context.readText, onLine }),
    client,
    onChange: () => undefined,
  });
  robot.start();
  try {
    await robot.settled(AbortSignal.any([context.stop, AbortSignal.timeout(READY_LIMIT_MS)]));
    context.stop.throwIfAborted();
    const late = robot.rows.find(({ health }) => health?.ok !== true);
    if (late !== undefined) {
      throw new NothingRunsError(`${late.name} could not be started for this command.`, "unreachable");
    }
    return await use(client);
  } finally {
    await robot.stop();
  }
}
