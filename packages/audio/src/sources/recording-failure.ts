/** What the last words of a recording program mean. Pure. */
import type { Trouble } from "../errors.ts";
import type { Recording } from "./choose-recording.ts";

/** How a recording came to its end. */
export interface RecordingEnd {
  readonly recording: Recording;
  /** How the program ended, such as "exit code 1". */
  readonly how: string;
  readonly lastLines: readonly string[];
  /** It had given sound before. */
  readonly hadSound: boolean;
  /** Who has the device open, such as "pulseaudio (812)"; empty when it cannot be told. */
  readonly holders: readonly string[];
}

interface Explanation {
  readonly message: string;
  readonly trouble: Trouble;
}

const LIST_THEM = "See what there is with arecord -l and pactl list short sources, and set the name of one.";

/** Whether the device refused only this rate, or these channels. */
export function isFormatRefused(lastLines: readonly string[]): boolean {
  const refusal =
    /(access type|sample format|channels count|rate \d+ ?hz) no[nt] available|install hw params|broken configuration/i;
  return lastLines.some((line) => refusal.test(line));
}

/** Whether the device is in somebody else's hands. */
export function isBusy(lastLines: readonly string[]): boolean {
  return lastLines.some((line) => /device or resource busy/i.test(line));
}

/** The rate that arecord really records at, when the device has not the one that was asked for. */
export function actualRateHz(lastLines: readonly string[]): number | undefined {
  const told = lastLines.map((line) => /requested = \d+ ?Hz, got = (\d+) ?Hz/.exec(line)?.[1]).find(Boolean);
  return told === undefined ? undefined : Number(told);
}

/** One sentence, and what to do. */
export function explainEnd({ recording, how, lastLines, hadSound, holders }: RecordingEnd): Explanation {
  const { label, program } = recording;
  const says = (pattern: RegExp): boolean => lastLines.some((line) => pattern.test(line));
  const explain = (message: string, remedy: string): Explanation => ({ message, trouble: { remedy } });
  if (isBusy(lastLines)) {
    const by = holders.length === 0 ? "another program" : holders.join(", ");
    return explain(`The microphone ${label} is in use by ${by}.`, "End that program, or set another device.");
  }
  if (says(/permission denied/i)) {
    const remedy = "Join the group that may, and log in again: sudo usermod -aG audio $USER";
    return explain(`This user may not open the microphone ${label}.`, remedy);
  }
  if (hadSound && says(/no such (device|entity)|entity killed|input\/output error/i)) {
    return explain(`The microphone ${label} is gone.`, "Connect it again; it is tried again by itself.");
  }
  if (says(/no such (file or directory|device|entity|process)|unknown pcm|cannot (find|get) card/i)) {
    return explain(`There is no microphone "${label}".`, LIST_THEM);
  }
  if (says(/connection (refused|terminated|failure)|access denied/i)) {
    const remedy = "Start it, or log in again; it is tried again by itself. pactl info shows whether it answers.";
    return explain("The connection to PulseAudio or PipeWire is gone.", remedy);
  }
  const last = lastLines.at(-1);
  const remedy = program === "sh" ? "Try the command line of the settings in a terminal." : LIST_THEM;
  return explain(`${program} ended with ${how}${last === undefined ? "." : `: ${last}`}`, remedy);
}
