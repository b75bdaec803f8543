import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@ts-tars/harness";
import { startProgram } from "./program/program.ts";
import { readProgram } from "./program/read-program.ts";

/** Nothing is audible through it; what is played can be recorded from `monitor`. */
const SINK = "test_sink";

/** A PulseAudio of the test's own, with one loudspeaker that nobody hears. */
export interface PulseServer extends AsyncDisposable {
  /** What programs need in their environment to reach it, and nobody else. */
  readonly env: { readonly PULSE_SERVER: string; readonly XDG_RUNTIME_DIR: string; readonly HOME: string };
  readonly sink: string;
  /** The source that hears what the loudspeaker plays. */
  readonly monitor: string;
  /** Runs `pactl` against it, and gives what that said. */
  pactl(...args: readonly string[]): Promise<string>;
}

/** Sounds of both are mono 16 kHz here unless told otherwise, so that a recording is the samples themselves. */
export interface PulseServerOptions {
  readonly rateHz?: number;
  readonly channelCount?: number;
}

/** Starts one in a temporary directory and resolves when it answers. @throws {ProgramError} when PulseAudio is not installed. */
export async function startPulseServer({
  rateHz = 16_000,
  channelCount = 1,
}: PulseServerOptions = {}): Promise<PulseServer> {
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-pulse-"));
  const socket = join(directory, "native");
  const env = { PULSE_SERVER: `unix:${socket}`, XDG_RUNTIME_DIR: directory, HOME: directory };
  const owner = new AbortController();
  const end = async (): Promise<void> => {
    owner.abort();
    await rm(directory, { recursive: true, force: true });
  };
  const server = await startProgram({
    command: [
      "pulseaudio",
      ...["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disallow-exit=no"],
      ...["--disable-shm=yes", "--realtime=no", "--high-priority=no", "--log-target=stderr"],
      `--load=module-native-protocol-unix socket=${socket} auth-anonymous=1`,
      `--load=module-null-sink sink_name=${SINK} rate=${rateHz} channels=${channelCount}`,
    ],
    signal: owner.signal,
    pipes: [],
    env: { ...env, PULSE_RUNTIME_PATH: directory, PULSE_STATE_PATH: directory, PULSE_CONFIG_PATH: directory },
  });
  const pactl = (...args: readonly string[]) =>
    readProgram({ command: ["pactl", ...args], signal: owner.signal, timeoutMs: 5_000, env });
  const answers = async (): Promise<boolean> => {
    const { end } = await pactl("info");
    return end.kind === "exited" && end.code === 0;
  };
  try {
    await until(answers, { describe: () => `PulseAudio does not answer: ${server.lastLines.join("\n")}` });
  } catch (error) {
    await end();
    throw error;
  }
  return {
    env,
    sink: SINK,
    monitor: `${SINK}.monitor`,
    pactl: async (...args) => (await pactl(...args)).output,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await end();
    },
  };
}
