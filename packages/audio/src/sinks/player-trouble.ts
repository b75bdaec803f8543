/** Why a player does not play, and what helps. Pure. */
import { AudioSinkError, ProgramError } from "../errors.ts";
import type { ProgramEnd } from "../program/program.ts";

/** How a player ended that should not have. */
export interface PlayerFailure {
  readonly name: string;
  readonly end: ProgramEnd;
  readonly lastLines: readonly string[];
}

interface Symptom {
  readonly pattern: RegExp;
  readonly remedy: string;
}

const SERVERLESS = /Connection (failure: )?(Connection )?refused|Connection terminated|No PulseAudio daemon/i;
const CARDLESS = /cannot find card|Unknown PCM|no soundcards/i;

const SYMPTOMS: readonly Symptom[] = [
  {
    pattern: SERVERLESS,
    remedy: "Start the sound server of the user who runs this (PipeWire or PulseAudio), or let that user run it.",
  },
  {
    pattern: /Access denied|Permission denied/i,
    remedy: "Put the user into the group audio: sudo usermod -aG audio $USER",
  },
  { pattern: /\bnot found$/i, remedy: "Install the program, or correct its name in the settings." },
  { pattern: /busy/i, remedy: "End the program that holds the loudspeaker." },
  {
    pattern: /No such (entity|device|file)|cannot find card|Unknown PCM|audio open error/i,
    remedy: "Plug a loudspeaker in, or choose another device in the settings.",
  },
];

/** The error of a player that failed while it should have played. */
export function playerFailed({ name, end, lastLines }: PlayerFailure): AudioSinkError {
  const said = lastLines.filter((line) => !/^\s*(Time:|Opening|Buffer metrics|Using sample spec)/.test(line)).slice(-2);
  const how = end.kind === "exited" ? `ended with code ${end.code}` : "was killed";
  const message = `The player ${name} ${how}${said.length === 0 ? "." : `: ${said.join(" ")}`}`;
  return new AudioSinkError(message, { remedy: remedyFor(said.join(" ")) });
}

/** The error when no player of several makes sound. */
export function noPlayerWorks(errors: readonly Error[]): AudioSinkError {
  const missing = errors.filter((error) => error instanceof ProgramError && error.reason === "not_found");
  if (missing.length === errors.length) {
    return new AudioSinkError("There is no program on this machine that plays sound.", {
      remedy: "Install one: sudo apt install pulseaudio-utils alsa-utils",
      cause: errors[0],
    });
  }
  const told = errors.filter((error) => !missing.includes(error));
  const words = told.map(({ message }) => message).join(" ");
  if (SERVERLESS.test(words) && CARDLESS.test(words)) {
    return new AudioSinkError("No loudspeaker was found: no sound server answers, and there is no sound card.", {
      remedy:
        "Connect one (aplay -l shows what the machine sees), or start the PipeWire or PulseAudio of the user who runs this. " +
        "It is looked for again by itself.",
      cause: new AggregateError(told),
    });
  }
  const [first] = told;
  return new AudioSinkError(words, {
    remedy: first instanceof AudioSinkError ? first.remedy : remedyFor(""),
    cause: first,
  });
}

function remedyFor(words: string): string {
  const known = SYMPTOMS.find(({ pattern }) => pattern.test(words));
  return known?.remedy ?? "Look at what the sound system says: pactl info, aplay -l";
}
