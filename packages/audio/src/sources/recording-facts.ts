import { constants } from "node:fs";
import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inherited } from "../program/environment.ts";
import { findProgram, searchPath } from "../program/find-program.ts";
import { readProgram } from "../program/read-program.ts";

/** A capture device of the kernel. */
export interface CaptureDevice {
  /** Such as `0,0`. */
  readonly number: string;
  /** As the kernel calls it. */
  readonly title: string;
  /** Whether this user may open it. */
  readonly isOpenable: boolean;
}

/** What this machine has for recording, and who we are on it. */
export interface RecordingFacts {
  readonly programs: { readonly parec: boolean; readonly arecord: boolean; readonly ffmpeg: boolean };
  /** A PulseAudio, or a PipeWire that speaks its protocol, and the microphone it gives by default. */
  readonly pulse:
    | { readonly kind: "reachable"; readonly defaultSource: string | undefined }
    | { readonly kind: "unreachable" };
  readonly captureDevices: readonly CaptureDevice[];
  readonly userId: number | undefined;
  readonly hasRuntimeDir: boolean;
  /** Users in whose sessions a PulseAudio or PipeWire runs, as far as we may see them. */
  readonly pulseUserIds: readonly number[];
}

/** Where facts are gathered. */
export interface FactsOptions {
  readonly signal: AbortSignal;
  /** Added to the environment of programs; its PATH is where they are looked for. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder that stands for /; for tests. */
  readonly root: string;
}

/** A sound server that takes longer is not there. */
const SERVER_LIMIT_MS = 3_000;

/** Looks around: what is installed, connected and reachable. */
export async function gatherFacts({ signal, env, root }: FactsOptions): Promise<RecordingFacts> {
  const path = env["PATH"] ?? searchPath();
  const isThere = async (program: string): Promise<boolean> => (await findProgram(program, path)) !== undefined;
  const [parec, pactl, arecord, ffmpeg] = await Promise.all(["parec", "pactl", "arecord", "ffmpeg"].map(isThere));
  return {
    programs: { parec: parec === true, arecord: arecord === true, ffmpeg: ffmpeg === true },
    pulse: pactl === true ? await askPulse({ signal, env }) : { kind: "unreachable" },
    captureDevices: await captureDevicesOf(root),
    userId: process.getuid?.(),
    hasRuntimeDir: (env["XDG_RUNTIME_DIR"] ?? inherited("XDG_RUNTIME_DIR")) !== undefined,
    pulseUserIds: await pulseUserIdsOf(root),
  };
}

async function askPulse(options: Pick<FactsOptions, "signal" | "env">): Promise<RecordingFacts["pulse"]> {
  const env = { ...options.env, LC_ALL: "C" };
  const command = ["pactl", "info"] as const;
  const { end, output } = await readProgram({ command, signal: options.signal, timeoutMs: SERVER_LIMIT_MS, env });
  if (end.kind !== "exited" || end.code !== 0) return { kind: "unreachable" };
  return { kind: "reachable", defaultSource: /^Default Source: (\S+)$/m.exec(output)?.[1] };
}

/** The kernel's own list is there without any program, and for users who may not open what it names. */
async function captureDevicesOf(root: string): Promise<readonly CaptureDevice[]> {
  const lines = (await textOf(join(root, "proc/asound/pcm"))).split("\n");
  const capturing = lines.flatMap((line) => {
    // 01-00: USB Audio : USB Audio : playback 1 : capture 1
    const found = /^(\d+)-(\d+): (.*)$/.exec(line);
    const [, card = "", device = "", rest = ""] = found ?? [];
    return /: capture \d/.test(rest) ? [{ card: Number(card), device: Number(device), rest }] : [];
  });
  return Promise.all(
    capturing.map(async ({ card, device, rest }) => ({
      number: `${card},${device}`,
      title: rest.split(" : ")[0]?.trim() ?? "",
      isOpenable: await isOpenable(join(root, `dev/snd/pcmC${card}D${device}c`)),
    })),
  );
}

async function pulseUserIdsOf(root: string): Promise<readonly number[]> {
  const folder = join(root, "run/user");
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => ((await exists(join(folder, name, "pulse/native"))) ? [name] : [])),
  );
  return found.flat().map(Number).filter(Number.isInteger);
}

const exists = (file: string): Promise<boolean> => may(file, constants.F_OK);
const isOpenable = (file: string): Promise<boolean> => may(file, constants.R_OK | constants.W_OK);

async function may(file: string, mode: number): Promise<boolean> {
  try {
    await access(file, mode);
    return true;
  } catch {
    return false;
  }
}

async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
