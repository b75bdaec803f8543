/** The programs that play sound. Pure. */
import { RATE_HZ } from "../frame.ts";
import { type PlayerReport, readPacatLine } from "./pacat-report.ts";
import type { Timing } from "./playhead.ts";

/** A program that plays raw sound from its standard input: mono, 16 000 Hz, 16 bits. */
export interface Player {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly timing: Timing;
  /** Whether several of them share the loudspeaker; else the next one waits for the end of the one before. */
  readonly endsBy: "playhead" | "outlet";
  readonly readLine?: (line: string) => PlayerReport | undefined;
  /** What its last words hold when it could not play and ends as if it had. */
  readonly confession?: RegExp;
}

/** What a person may choose. */
export interface PlayerChoice {
  /** As the player calls it: a sink of PulseAudio, a PCM of ALSA; undefined: the system's own. */
  readonly device?: string | undefined;
  /** A command line of one's own, in place of all known players; `{rate}` and `{device}` are filled in. */
  readonly command?: string | undefined;
}

/** The players to be tried, best first. Latencies as measured: docs/decisions/0022. */
export function playersFor({ device, command }: PlayerChoice): readonly Player[] {
  if (command !== undefined) return [ownPlayer(command, device)];
  return [pacat(device), aplay(device), ffplay()];
}

/** How late it is nobody knows: in the middle of what players are. */
const ownPlayer = (line: string, device = "default"): Player => ({
  name: line,
  command: ["sh", "-c", line.replaceAll("{rate}", String(RATE_HZ)).replaceAll("{device}", quoted(device))],
  timing: { by: "clock", latencyMs: 40 },
  endsBy: "outlet",
});

/** As one word of a shell's line. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

const on = (option: string, device: string | undefined): readonly string[] =>
  device === undefined ? [] : [`${option}=${device}`];

/** Of PulseAudio, and of PipeWire in its place. It alone says what has sounded. */
const pacat = (device: string | undefined): Player => ({
  name: "pacat",
  command: [
    ...(["pacat", "--playback", "--verbose", "--raw", `--rate=${RATE_HZ}`, "--channels=1", "--format=s16le"] as const),
    ...["--latency-msec=60", "--client-name=ts-tars", "--stream-name=speech", ...on("--device", device)],
  ],
  timing: { by: "reports", latencyMs: 60 },
  endsBy: "playhead",
  readLine: readPacatLine,
});

const aplay = (device: string | undefined): Player => ({
  name: "aplay",
  command: [
    ...(["aplay", "--quiet", "--file-type=raw", "--format=S16_LE", `--rate=${RATE_HZ}`, "--channels=1"] as const),
    ...["--buffer-time=80000", ...on("--device", device)],
  ],
  timing: { by: "clock", latencyMs: 15 },
  endsBy: "outlet",
});

const ffplay = (): Player => ({
  name: "ffplay",
  command: [
    ...([
      "ffplay",
      "-nodisp",
      "-autoexit",
      "-loglevel",
      "error",
      "-fflags",
      "nobuffer",
      "-flags",
      "low_delay",
    ] as const),
    ...["-probesize", "32", "-analyzeduration", "0"],
    ...["-f", "s16le", "-ar", String(RATE_HZ), "-ac", "1", "-i", "pipe:0"],
  ],
  confession: /open failed|Failed to open/u,
  timing: { by: "clock", latencyMs: 150 },
  endsBy: "outlet",
});
