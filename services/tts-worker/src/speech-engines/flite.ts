import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineError, msOfSamples, parseWav, readProgram, type Sound, startProgram } from "@ts-tars/audio";
import type { Clock } from "@ts-tars/service";
import { bestLanguage } from "../language.ts";
import type { SpeechEngine, Voice } from "../speech-engine.ts";
import { UnknownVoiceError } from "../unknown-voice.ts";
import { readable } from "./engine-words.ts";
import { inTime } from "./in-time.ts";
import { withoutLeadIn } from "./lead-in.ts";

/** The voices with 16 000 Hz. */
export const FLITE_VOICES = ["slt", "rms", "awb", "kal16"] as const;
export type FliteVoice = (typeof FLITE_VOICES)[number];

/** How it speaks. */
export interface FliteSettings {
  readonly clock: Clock;
  /** When a sentence names none. */
  readonly voice: FliteVoice;
  /** Default: the one on the path. */
  readonly program?: string;
}

const CHECK_MS = 3_000;
/** A sentence takes 60 ms, and it comes all at once: a long text may take longer. */
const PATIENCE_MS = 2_500;
const PATIENCE_PER_CHAR_MS = 5;

/** `flite`: a process for each sentence, English only; the sentence comes as a whole. */
export function openFlite(settings: FliteSettings): SpeechEngine {
  const program = settings.program ?? "flite";
  return {
    name: "flite",
    isAudible: true,
    settings: settings.voice,
    check: () => check(program),
    speaks,
    synthesize: (text, options) => synthesize(text, options, { ...settings, program }),
  };
}

async function check(program: string): Promise<void> {
  const command = [program, "-lv"] as const;
  const { output } = await readProgram({ command, timeoutMs: CHECK_MS, signal: new AbortController().signal });
  if (FLITE_VOICES.some((voice) => output.includes(voice))) return;
  throw new EngineError("flite is installed, but lists none of its voices.", {
    remedy: "Install it again: sudo apt install --reinstall flite libflite1",
  });
}

function speaks(lang: string): boolean {
  return bestLanguage(lang, ["en-us", "en"]) !== undefined;
}

async function synthesize(
  text: string,
  { signal, ...wanted }: Voice & { readonly signal: AbortSignal },
  settings: Required<FliteSettings>,
): Promise<Sound> {
  const voice = voiceFor(wanted, settings);
  signal.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), "ts-tars-flite-"));
  try {
    const pcm = withoutLeadIn(await speak(text, { signal, voice, settings, file: join(folder, "sentence.wav") }));
    return { expectedMs: msOfSamples(pcm.length), pcm: inOne(pcm) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Order {
  readonly signal: AbortSignal;
  readonly voice: FliteVoice;
  readonly settings: Required<FliteSettings>;
  readonly file: string;
}

async function speak(text: string, { signal, voice, settings, file }: Order): Promise<Int16Array> {
  // The text goes in by the standard input: it may begin with a dash, be long, and is nobody's business. The sound comes in a file:
  // flite goes back in it to write its length, which no pipe can do.
  const command = [settings.program, "-voice", voice, "-o", file] as const;
  await using program = await startProgram({ command, signal, pipes: ["stdin"] });
  void program.write(Buffer.from(`${readable(text)}\n`));
  program.closeInput();
  const withinMs = PATIENCE_MS + PATIENCE_PER_CHAR_MS * text.length;
  const end = await inTime(program.ended, { clock: settings.clock, withinMs, engine: "flite" });
  signal.throwIfAborted();
  if (end.kind !== "exited" || end.code !== 0) {
    const said = program.lastLines.join(" ");
    throw new EngineError(`flite broke off${said === "" ? "." : `: ${said}`}`, {
      remedy: "The next sentence tries again.",
    });
  }
  const bytes = await readFile(file);
  // A text in which there is nothing to say leaves a file without samples, which is no WAV file that can be used.
  return bytes.length <= 44 ? new Int16Array(0) : parseWav(bytes).pcm;
}

function voiceFor({ voice, lang }: Voice, settings: FliteSettings): FliteVoice {
  // It would take another name for a file, or an address on the network, and load it.
  const known = FLITE_VOICES.find((one) => one === (voice ?? settings.voice));
  if (known === undefined) {
    throw new UnknownVoiceError(`flite has no voice "${voice}".`, {
      remedy: `Choose one of: ${FLITE_VOICES.join(", ")}`,
    });
  }
  if (speaks(lang)) return known;
  throw new UnknownVoiceError(`flite does not speak "${lang}", only English.`, {
    remedy: "Install espeak-ng: sudo apt install espeak-ng",
  });
}

async function* inOne(pcm: Int16Array): AsyncGenerator<Int16Array, void, undefined> {
  if (pcm.length > 0) yield pcm;
}
