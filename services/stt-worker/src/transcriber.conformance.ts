import { EngineError } from "@ts-tars/audio";
import { recorder, within } from "@ts-tars/harness";
import { describe, expect, it } from "vitest";
import type { Decoder, DecoderFacts, Grammar, PartialReadings, Transcriber, Utterance } from "./transcriber.ts";

/** What the suite needs to know of a provider. */
export interface TranscriberUnderTest {
  readonly transcriber: Transcriber;
  /** "what time is it", spoken, with silence around it. */
  readonly speech: Int16Array;
}

const DEADLINE_MS = 40_000;

const GRAMMAR: Grammar = {
  version: "one",
  jsgf: "#JSGF V1.0;\ngrammar g;\npublic <c> = what time is it | set a timer | stop;",
  words: [],
};

/** The conformance suite of `Transcriber`: what every provider promises. */
export function describeTranscriber(name: string, open: () => Promise<TranscriberUnderTest>): void {
  describe(`the transcriber ${name}`, () => {
    for (const [title, claim] of Object.entries(CLAIMS_OF_TRANSCRIBER)) it(title, async () => claim(await open()));
  });
}

type Claim = (subject: TranscriberUnderTest) => Promise<void>;

interface Opened extends AsyncDisposable {
  readonly decoder: Decoder;
  up(): Promise<DecoderFacts>;
  readonly grammars: ReturnType<typeof recorder<{ readonly version: string; readonly problem: string | undefined }>>;
  begin(onPartial?: (readings: PartialReadings) => void): Utterance;
}

function openDecoder({ transcriber }: TranscriberUnderTest): Opened {
  const up = Promise.withResolvers<DecoderFacts>();
  // Not every claim waits for it.
  up.promise.catch(() => undefined);
  const grammars = recorder<{ readonly version: string; readonly problem: string | undefined }>();
  const decoder = transcriber.open({
    onUp: up.resolve,
    onDown: up.reject,
    onGrammar: (version, problem) => grammars.push({ version, problem }),
  });
  return {
    decoder,
    up: () => within(DEADLINE_MS, up.promise, () => "the decoder is not up"),
    grammars,
    begin: (onPartial = () => undefined) => decoder.begin({ onPartial, onBroken: () => undefined }),
    [Symbol.asyncDispose]: async () => decoder[Symbol.asyncDispose](),
  };
}

function feed(utterance: Utterance, speech: Int16Array): void {
  for (let at = 0; at < speech.length; at += 320) utterance.feed(speech.slice(at, at + 320));
}

/** What is claimed of a transcriber, by title; each throws when it is not so. */
export const CLAIMS_OF_TRANSCRIBER: Readonly<Record<string, Claim>> = {
  "reads one utterance after the other": async (subject) => {
    await using opened = openDecoder(subject);
    const { profile } = await opened.up();

    for (let round = 0; round < 2; round += 1) {
      const utterance = opened.begin();
      feed(utterance, subject.speech);
      const { open } = await within(DEADLINE_MS, utterance.finish());
      expect(open?.text).toBe("what time is it");
      expect(open?.phones.length).toBeGreaterThan(5);
    }
    expect(profile).toBe("full");
  },
  "reads what was begun before it was up": async (subject) => {
    await using opened = openDecoder(subject);
    const utterance = opened.begin();
    feed(utterance, subject.speech);

    expect((await within(DEADLINE_MS, utterance.finish())).open?.text).toBe("what time is it");
  },
  "tells partials, and none after the end": async (subject) => {
    await using opened = openDecoder(subject);
    const partials = recorder<PartialReadings>();
    const utterance = opened.begin(partials.push);
    feed(utterance, subject.speech);
    await partials.until(({ open }) => open !== undefined && open.text !== "", { deadlineMs: DEADLINE_MS });
    await within(DEADLINE_MS, utterance.finish());
    const count = partials.seen.length;
    const next = opened.begin();
    await within(DEADLINE_MS, next.finish());

    expect(partials.seen.length).toBe(count);
  },
  "reads one utterance at a time": async (subject) => {
    await using opened = openDecoder(subject);
    opened.begin();

    expect(() => opened.begin()).toThrow(TypeError);
  },
  "forgets what was dropped, and is free at once": async (subject) => {
    await using opened = openDecoder(subject);
    await opened.up();
    const dropped = opened.begin();
    feed(dropped, subject.speech);
    const failed = dropped.finish().catch((error: unknown) => error);
    dropped.drop();
    const next = opened.begin();

    expect(await failed).toBeInstanceOf(EngineError);
    expect((await within(DEADLINE_MS, next.finish())).open?.text ?? "").toBe("");
  },
  "reads commands by the grammar, from the next utterance on": async (subject) => {
    await using opened = openDecoder(subject);
    await opened.up();
    const before = opened.begin();
    opened.decoder.useGrammar(GRAMMAR);
    feed(before, subject.speech);
    expect((await within(DEADLINE_MS, before.finish())).command).toBeUndefined();
    expect(await opened.grammars.next({ deadlineMs: DEADLINE_MS })).toEqual({ version: "one", problem: undefined });

    const utterance = opened.begin();
    feed(utterance, subject.speech);
    const readings = await within(DEADLINE_MS, utterance.finish());
    expect([readings.command?.text, readings.grammarVersion]).toEqual(["what time is it", "one"]);
  },
  "keeps the last good grammar when a newer one cannot be used, and says why": async (subject) => {
    await using opened = openDecoder(subject);
    await opened.up();
    opened.decoder.useGrammar(GRAMMAR);
    await opened.grammars.next({ deadlineMs: DEADLINE_MS });
    opened.decoder.useGrammar({ version: "two", jsgf: "#JSGF V1.0;\npublic <c> = ((;", words: [] });
    const { version, problem } = await opened.grammars.next({ deadlineMs: DEADLINE_MS });
    expect([version, problem === undefined]).toEqual(["two", false]);

    const utterance = opened.begin();
    feed(utterance, subject.speech);
    expect((await within(DEADLINE_MS, utterance.finish())).grammarVersion).toBe("one");
  },
  "fails what it was reading when it is closed": async (subject) => {
    const opened = openDecoder(subject);
    const utterance = opened.begin();
    const failed = utterance.finish().catch((error: unknown) => error);
    await opened[Symbol.asyncDispose]();

    expect(await within(DEADLINE_MS, failed)).toBeInstanceOf(EngineError);
  },
};
