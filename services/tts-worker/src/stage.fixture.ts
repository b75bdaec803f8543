/** Engines, sinks and healths played by hand. */
import type { AudioSink, PlayOptions, Sound } from "@ts-tars/audio";
import type { Health } from "@ts-tars/service";
import type { SpeechEngine } from "./speech-engine.ts";

export const NO_LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What is complained of, by part. */
export class HealthBook implements Health {
  readonly lacks = new Map<string, string>();
  readonly details: Record<string, unknown> = {};

  ok(part = ""): void {
    this.lacks.delete(part);
  }

  degraded(reason: string, remedy: string, part = ""): void {
    this.lacks.set(part, `${reason} ${remedy}`);
  }

  detail(fields: Readonly<Record<string, string | number | boolean | undefined>>): void {
    Object.assign(this.details, fields);
  }
}

export interface FakeEngine extends SpeechEngine {
  /** What the next check, or the next sentence, fails with. */
  lack: Error | undefined;
  fault: Error | undefined;
  readonly begun: string[];
  /** Texts whose making was given up. */
  readonly abandoned: string[];
}

/** Makes a sample for each character. */
export function openFakeEngine(
  name: string,
  { langs = ["en"] }: { readonly langs?: readonly string[] } = {},
): FakeEngine {
  const engine: FakeEngine = {
    ...{ name, isAudible: true, settings: "", lack: undefined, fault: undefined, begun: [], abandoned: [] },
    check: async () => {
      if (engine.lack !== undefined) throw engine.lack;
    },
    speaks: (lang) => langs.includes(lang),
    synthesize: async (text, { signal }): Promise<Sound> => {
      engine.begun.push(text);
      signal.addEventListener("abort", () => engine.abandoned.push(text));
      if (engine.fault !== undefined) throw engine.fault;
      return { expectedMs: text.length, pcm: charsOf(text) };
    },
  };
  return engine;
}

async function* charsOf(text: string): AsyncGenerator<Int16Array, void, undefined> {
  yield Int16Array.from(text, (char) => char.charCodeAt(0));
}

export interface FakeSink extends AudioSink {
  /** What happened to it, in order. */
  readonly log: string[];
  /** Ends what plays. */
  end(error?: Error): void;
}

/** Plays until it is told that it has ended. */
export function openFakeSink(name: string, { isAudible = true } = {}): FakeSink {
  const log: string[] = [];
  let finish: (error?: Error) => void = () => undefined;
  return {
    ...{ name, isAudible, log, positionMs: 0 },
    prepare: () => void log.push("prepare"),
    play: (_sound: Sound, { signal, onStart, sayId }: PlayOptions) => {
      log.push(`play ${sayId}`);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      finish = (error) => (error === undefined ? resolve() : reject(error));
      signal.addEventListener("abort", () => reject(signal.reason));
      onStart();
      return promise;
    },
    pause: () => void log.push("pause"),
    resume: () => void log.push("resume"),
    setVolume: (ratio) => void log.push(`volume ${ratio}`),
    close: async () => void log.push("close"),
    end: (error) => finish(error),
  };
}
