/** By which program a microphone is recorded on this machine, or why by none. Pure. */
import type { Trouble } from "../errors.ts";
import { RATE_HZ } from "../frame.ts";
import type { CaptureDevice, RecordingFacts } from "./recording-facts.ts";

/** One way to record: a program that writes raw 16-bit samples to its standard output. */
export interface Recording {
  readonly program: string;
  readonly command: readonly [string, ...string[]];
  readonly rateHz: number;
  readonly channelCount: number;
  /** What is recorded, for people. */
  readonly label: string;
}

/** What the user wants to record from. */
export interface RecordingWish {
  /** A name of PulseAudio or of ALSA; undefined: what the machine takes for its microphone. */
  readonly device: string | undefined;
  /** A command line of the user's own, with `{rate}` and `{device}` to be filled in. */
  readonly command: string | undefined;
}

/** Ways to be tried in order, or the reason why there are none. */
export type RecordingChoice =
  | { readonly kind: "ways"; readonly ways: readonly [Recording, ...Recording[]] }
  | { readonly kind: "none"; readonly message: string; readonly trouble: Trouble };

/** What most devices can that cannot do ours. */
const OTHER_RATE_HZ = 48_000;

/** The user's command, else PulseAudio or PipeWire, else ALSA by arecord, else by ffmpeg. */
export function chooseRecording(facts: RecordingFacts, wish: RecordingWish): RecordingChoice {
  if (wish.command !== undefined) return ways(...ownCommand(wish.command, wish.device ?? "default"));
  const { programs, pulse } = facts;
  const isAlsaName = /^(plug|sys)?(hw|default|dsnoop)\b/.test(wish.device ?? "");
  if (!isAlsaName && pulse.kind === "reachable") {
    const source = wish.device ?? microphoneOf(pulse.defaultSource);
    if (source !== undefined && programs.parec) return ways(parec(source));
    if (source !== undefined && programs.ffmpeg) return ways(ffmpeg("pulse", source));
  }
  const device = isAlsaName ? wish.device : undefined;
  const connected = facts.captureDevices.find(({ isOpenable }) => isOpenable);
  if (device === undefined && connected === undefined) return none(facts, wish);
  if (programs.arecord) return ways(...(device === undefined ? arecordOf(connected) : arecord(device)));
  if (programs.ffmpeg) return ways(ffmpeg("alsa", device ?? `plughw:${connected?.number}`));
  return none(facts, wish);
}

/** The monitor of a loudspeaker is what the robot says itself. */
function microphoneOf(defaultSource: string | undefined): string | undefined {
  return defaultSource?.endsWith(".monitor") ? undefined : defaultSource;
}

function ways(first: Recording, ...others: readonly Recording[]): RecordingChoice {
  return { kind: "ways", ways: [first, ...others] };
}

function ownCommand(line: string, device: string): readonly [Recording, ...Recording[]] {
  const at = (rateHz: number): Recording => {
    const filled = line.replaceAll("{rate}", String(rateHz)).replaceAll("{device}", quoted(device));
    return { program: "sh", command: ["sh", "-c", filled], rateHz, channelCount: 1, label: line };
  };
  return line.includes("{rate}") ? [at(RATE_HZ), at(OTHER_RATE_HZ)] : [at(RATE_HZ)];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function parec(source: string): Recording {
  const format = ["--raw", "--format=s16le", `--rate=${RATE_HZ}`, "--channels=1", "--latency-msec=20"];
  const names = ["--client-name=ts-tars", "--stream-name=microphone"];
  const command = ["parec", ...format, ...names, `--device=${source}`] as const;
  return { program: "parec", command, rateHz: RATE_HZ, channelCount: 1, label: source };
}

function ffmpeg(system: "pulse" | "alsa", device: string): Recording {
  const input = ["-nostdin", "-hide_banner", "-loglevel", "error", "-f", system, "-i", device];
  const command = ["ffmpeg", ...input, "-ac", "1", "-ar", String(RATE_HZ), "-f", "s16le", "pipe:1"] as const;
  return { program: "ffmpeg", command, rateHz: RATE_HZ, channelCount: 1, label: device };
}

/** The hardware itself first, which we resample well; what its own plug-in makes of it last. */
function arecordOf(device: CaptureDevice | undefined): readonly [Recording, ...Recording[]] {
  const { number = "0,0", title = "" } = device ?? {};
  const [first, ...others] = arecord(`hw:${number}`);
  const [plugged] = arecord(`plughw:${number}`);
  const named = (way: Recording): Recording => ({
    ...way,
    label: title === "" ? way.label : `${title} (${way.label})`,
  });
  return [named(first), ...[...others, plugged].map(named)];
}

function arecord(device: string): readonly [Recording, ...Recording[]] {
  const at = (rateHz: number, channelCount: number): Recording => {
    const format = ["-t", "raw", "-f", "S16_LE", "-r", String(rateHz), "-c", String(channelCount)];
    // Periods of 20 ms, and half a second for when we are late.
    const buffer = ["--period-time=20000", "--buffer-time=500000"];
    const command = ["arecord", "-D", device, ...format, ...buffer] as const;
    return { program: "arecord", command, rateHz, channelCount, label: device };
  };
  return [at(RATE_HZ, 1), at(OTHER_RATE_HZ, 1), at(OTHER_RATE_HZ, 2)];
}

function none(facts: RecordingFacts, { device }: RecordingWish): RecordingChoice {
  const { programs, userId, pulseUserIds, captureDevices } = facts;
  const because = (message: string, remedy: string): RecordingChoice => ({
    kind: "none",
    message,
    trouble: { remedy },
  });
  const [owner] = pulseUserIds;
  if (userId === 0 && owner !== undefined && facts.pulse.kind === "unreachable") {
    return because(
      `The microphone belongs to the session of user ${owner}, and root cannot reach its PulseAudio or PipeWire.`,
      `Start the robot as that user, without sudo; or set XDG_RUNTIME_DIR=/run/user/${owner} for it.`,
    );
  }
  if (userId !== undefined && userId !== 0 && !facts.hasRuntimeDir) {
    return because(
      "There is no session here (XDG_RUNTIME_DIR is not set, as in a system service), so PulseAudio and PipeWire cannot be found.",
      `Make it a user service (systemctl --user, loginctl enable-linger), or set XDG_RUNTIME_DIR=/run/user/${userId}.`,
    );
  }
  const [locked] = captureDevices;
  if (locked !== undefined && !captureDevices.some(({ isOpenable }) => isOpenable)) {
    return because(
      `There is a microphone (${locked.title}), and this user may not open it.`,
      "Join the group that may, and log in again: sudo usermod -aG audio $USER",
    );
  }
  if (!programs.parec && !programs.arecord && !programs.ffmpeg) {
    return because(
      "There is no program to record with: parec, arecord or ffmpeg.",
      "Install them: sudo apt install pulseaudio-utils alsa-utils",
    );
  }
  return because(
    device === undefined
      ? "No microphone is connected."
      : `There is no microphone "${device}": none is connected at all.`,
    "Connect one; arecord -l and pactl list short sources show what the machine sees. It is looked for again by itself.",
  );
}
