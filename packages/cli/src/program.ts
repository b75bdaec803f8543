import { SiteId } from "@ts-tars/contracts";
import { VERSION } from "@ts-tars/service";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { ask } from "./commands/ask.ts";
import { audioTest } from "./commands/audio-test.ts";
import { config, getConfig } from "./commands/config.ts";
import { setConfig } from "./commands/config-set.ts";
import { clearDead, listDead, replayDead, showDead } from "./commands/dead.ts";
import { doctor } from "./commands/doctor.ts";
import { health } from "./commands/health.ts";
import { hear } from "./commands/hear.ts";
import { listen } from "./commands/listen.ts";
import { mic } from "./commands/mic.ts";
import { say } from "./commands/say.ts";
import { tail } from "./commands/tail.ts";
import { up } from "./commands/up.ts";
import type { CommonOptions, Context } from "./context.ts";
import type { ExitCode } from "./exit-code.ts";
import { SERVICES } from "./services.ts";

/** Told how the command ended; called once. */
export type Finish = (outcome: Promise<ExitCode>, options: CommonOptions) => Promise<void>;

/** The whole command line: every command with its options. */
export function createProgram(context: Context, finish: Finish): Command {
  const program = new Command("tars")
    .description("A voice robot made of small services that talk over MQTT.")
    .version(VERSION)
    .showHelpAfterError("(tars --help lists the commands)")
    .configureOutput({ writeOut: context.out, writeErr: context.err })
    .exitOverride();
  addRobotCommands(program, context, finish);
  addHearingCommands(program, context, finish);
  addLookingCommands(program, context, finish);
  addDeadCommands(program, context, finish);
  return program;
}

function addRobotCommands(program: Command, context: Context, finish: Finish): void {
  command(program, "up", "start the robot: a broker if none is configured, and all services")
    .option("--in-process", "all services in one process (by itself below 2 GB of memory)")
    .option(
      "--metrics <port>",
      "show the figures of each service at http://127.0.0.1:<port>/metrics, counting up",
      portNumber,
    )
    .option("--mic", "the robot may open its microphone, from now on (tars mic off takes it back)")
    .addOption(
      new Option("--without <service...>", "leave a service to you, to run it by hand or in a debugger").choices(
        SERVICES.map(({ name }) => name),
      ),
    )
    .action((options) => finish(up(context, options), options));
  command(program, "ask <text...>", "ask the robot, and print its answer")
    .addOption(new Option("--speak <when>", "speak the answer").choices(["auto", "yes", "no"]).default("auto"))
    .option("--site <site>", "the room", siteName, "default")
    .option("--once", "with nothing running: start a robot for this one command")
    .option("--timeout <seconds>", "wait so long for the whole answer", positiveNumber, 100)
    .action((words: string[], { timeout, ...options }) =>
      finish(ask(context, words.join(" "), { ...options, timeoutSec: timeout }), options),
    );
  command(program, "say <text...>", "have the robot say a text, and print it as it is spoken")
    .option("--site <site>", "the room", siteName, "default")
    .option("--once", "with nothing running: start a robot for this one command")
    .option("--timeout <seconds>", "wait so long until it is said", positiveNumber, 100)
    .action((words: string[], { timeout, ...options }) =>
      finish(say(context, words.join(" "), { ...options, timeoutSec: timeout }), options),
    );
}

function addHearingCommands(program: Command, context: Context, finish: Finish): void {
  const speak = (): Option =>
    new Option("--speak <when>", "speak the answer").choices(["auto", "yes", "no"]).default("auto");
  command(program, "hear <wav...>", "speak a WAV file to the robot, and print what it understood and answered")
    .addOption(speak())
    .option("--out <wav>", "where the spoken answer goes (default: <file>.answer.wav in this folder)")
    .option("--speed <factor>", "how fast the file is spoken; 1 is real time", positiveNumber, 1)
    .option("--once", "with nothing running: start a robot for this one command")
    .option("--timeout <seconds>", "wait so long for the whole answer, each file", positiveNumber, 100)
    .action((paths: string[], { timeout, ...options }) =>
      finish(hear(context, paths, { ...options, timeoutSec: timeout }), options),
    );
  command(program, "listen", "the talk button: the robot listens now, and its answer is printed")
    .addOption(speak())
    .option("--site <site>", "the room", siteName, "default")
    .option("--timeout <seconds>", "wait so long for the whole answer", positiveNumber, 100)
    .action(({ timeout, ...options }) => finish(listen(context, { ...options, timeoutSec: timeout }), options));
  command(program, "mic", "allow the robot its microphones, or forbid them; it remembers")
    .addArgument(new Argument("<on|off>").choices(["on", "off"]))
    .action((wanted: "on" | "off", options) => finish(mic(context, wanted, options), options));
  const audio = program.command("audio").description("the microphone and the loudspeaker of this machine");
  command(audio, "test", "show the microphone's level, play a tone, and listen for it").action((_, self) =>
    finish(audioTest(context, self.optsWithGlobals()), self.optsWithGlobals()),
  );
}

function addLookingCommands(program: Command, context: Context, finish: Finish): void {
  command(program, "tail [filter]", "show messages as they come, decoded and checked")
    .option("--count <n>", "end after so many messages", positiveInteger)
    .option("--timeout <seconds>", "end after so long", positiveNumber)
    .action((filter: string | undefined, { timeout, ...options }) =>
      finish(
        tail(context, filter ?? "#", { ...options, ...(timeout !== undefined && { timeoutSec: timeout }) }),
        options,
      ),
    );
  command(program, "health", "show how every service is")
    .option("--wait <seconds>", "listen so long for signs of life (services give one every 15 s)", nonNegativeNumber, 0)
    .action(({ wait, ...options }) => finish(health(context, { ...options, waitSec: wait }), options));
  command(program, "doctor", "say what is missing, and the one thing that helps").action((options) =>
    finish(doctor(context, options), options),
  );
  addConfigCommands(program, context, finish);
}

function addConfigCommands(program: Command, context: Context, finish: Finish): void {
  const shown = command(program, "config", "show each setting, and where its value comes from")
    .option("--markdown", "print docs/config.md")
    .action((options) => finish(config(context, options), options));
  command(shown, "get <service>", "show what a running service works with, and what waits for its next start").action(
    (service: string, _, self) => finish(getConfig(context, service, self.optsWithGlobals()), self.optsWithGlobals()),
  );
  command(
    shown,
    "set <section> <key=value...>",
    "change settings of a service, or of a section of the file; key= is the default",
  )
    .option("--secret-file <path>", "where a secret is read from (default: standard input); name its key without =")
    .option("--file", "change the configuration file of this machine, whatever runs")
    .action((section: string, words: string[], _, self) =>
      finish(setConfig(context, { section, words }, self.optsWithGlobals()), self.optsWithGlobals()),
    );
}

function addDeadCommands(program: Command, context: Context, finish: Finish): void {
  const dead = command(program, "dead", "list the messages that could not be handled").action((options) =>
    finish(listDead(context, options), options),
  );
  command(dead, "list", "list them").action((_, self) =>
    finish(listDead(context, self.optsWithGlobals()), self.optsWithGlobals()),
  );
  command(dead, "show <id>", "show one, with all that was kept of it").action((id: string, _, self) =>
    finish(showDead(context, id, self.optsWithGlobals()), self.optsWithGlobals()),
  );
  command(dead, "replay <id>", "publish one again").action((id: string, _, self) =>
    finish(replayDead(context, id, self.optsWithGlobals()), self.optsWithGlobals()),
  );
  command(dead, "clear [id]", "remove one, or all").action((id: string | undefined, _, self) =>
    finish(clearDead(context, id, self.optsWithGlobals()), self.optsWithGlobals()),
  );
}

/** A command with the options that all have. */
function command(parent: Command, name: string, description: string): Command {
  const added = parent.command(name);
  const path = [...(parent.parent === null ? [] : [parent.parent]), parent, added].map((one) => one.name()).join(" ");
  return added
    .description(description)
    .showHelpAfterError(`(${path} --help shows what it takes)`)
    .option("--json", "print JSON")
    .option("--url <url>", "the broker (default: MQTT_URL, else the robot that runs here)");
}

function siteName(text: string): string {
  const { success, error } = SiteId.safeParse(text);
  if (!success) throw new InvalidArgumentError(`It ${error.issues.map(({ message }) => message).join(", ")}.`);
  return text;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < MAX_SECONDS)) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

/** A timer cannot wait for longer. */
const MAX_SECONDS = 2_000_000;

function nonNegativeNumber(text: string): number {
  return text === "0" ? 0 : positiveNumber(text);
}

function portNumber(text: string): number {
  const value = text === "0" ? 0 : positiveInteger(text);
  if (value > 65_535) throw new InvalidArgumentError("It must be a port, at most 65535.");
  return value;
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return value;
}
