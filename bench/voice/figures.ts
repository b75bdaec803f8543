/** The voice bench's figures and their bars (04). Pure. */
import { percentile } from "../scorecard/figures.ts";
import type { Loop } from "./loops.ts";
import type { Hops, TurnTimes } from "./spoken-turn.ts";
import type { Pause } from "./utterances.ts";

/** One line of the table; without a bar it is only reported. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "%" | "turns";
  readonly bar?: number;
  readonly sampleCount: number;
}

/** A figure misses its bar, or nothing was measured. */
export function isMissed({ value, bar, sampleCount }: Figure): boolean {
  return bar !== undefined && (sampleCount === 0 || !(value <= bar));
}

type Part = (turn: TurnTimes) => number | undefined;

/** What the turns of commands took. */
export function turnFigures(turns: readonly TurnTimes[]): readonly Figure[] {
  const heard = turns.filter(({ transcript }) => transcript !== undefined);
  const complete = heard.filter(({ endOfSpeech }) => endOfSpeech === "complete");
  return [
    {
      name: "turns without a transcript",
      value: turns.length - heard.length,
      unit: "turns",
      sampleCount: turns.length,
    },
    ...percentiles("decision → first audible sample", heard, { part: ({ soundMs }) => soundMs, bars: [150, 300] }),
    ...percentiles("true end of speech → decision", heard, { part: endpointing, bars: [750, 1_250] }),
    ...percentiles("… of complete commands", complete, { part: endpointing, bars: [450, 550] }),
    ...percentiles("decision → text", heard, { part: ({ transcribeMs }) => transcribeMs }),
    ...percentiles("all MQTT hops, validation, routing", heard, { part: ({ hops }) => sumOf(hops), bars: [5, 15] }),
    ...percentiles("… turn/listen → wake/mic", heard, { part: ({ hops }) => hops?.listenToGrantMs }),
    ...percentiles("… wake/mic → stt/state open", heard, { part: ({ hops }) => hops?.grantToOpenMs }),
    ...percentiles("… stt/final → tts/say", heard, { part: ({ hops }) => hops?.finalToSayMs }),
    ...percentiles("… tts/say → queued", heard, { part: ({ hops }) => hops?.sayToQueuedMs }),
  ];
}

const endpointing: Part = ({ endpointingMs }) => endpointingMs;

function sumOf(hops: Hops | undefined): number | undefined {
  if (hops === undefined) return undefined;
  return hops.listenToGrantMs + hops.grantToOpenMs + hops.finalToSayMs + hops.sayToQueuedMs;
}

function percentiles(
  name: string,
  turns: readonly TurnTimes[],
  { part, bars }: { readonly part: Part; readonly bars?: readonly [number, number] },
): readonly Figure[] {
  const values = turns.map(part).filter((value) => value !== undefined);
  const at = (percent: number, bar: number | undefined): Figure => ({
    name: `${name}, p${percent}`,
    value: values.length === 0 ? Number.NaN : percentile(values, percent),
    unit: "ms",
    sampleCount: values.length,
    ...(bar !== undefined && { bar }),
  });
  return [at(50, bars?.[0]), at(95, bars?.[1])];
}

const PAUSE_NAMES: Readonly<Record<Pause, string>> = {
  after_opener: "cut in pauses of 600–1 100 ms after a word that cannot end a sentence",
  elsewhere: "cut in pauses of 300–600 ms elsewhere",
  after_um: 'cut in pauses of 600–1 100 ms after "um"',
};
const PAUSE_BARS: Readonly<Partial<Record<Pause, number>>> = { after_opener: 15, elsewhere: 5 };

/** A decision so long before the true end was no end. */
const CUT_MS = -100;

/** How often a pause was taken for the end. */
export function pauseFigure(pause: Pause, turns: readonly TurnTimes[]): Figure {
  const cut = turns.filter(({ endpointingMs }) => endpointingMs === undefined || endpointingMs < CUT_MS);
  const bar = PAUSE_BARS[pause];
  return {
    name: PAUSE_NAMES[pause],
    value: (100 * cut.length) / turns.length,
    unit: "%",
    sampleCount: turns.length,
    ...(bar !== undefined && { bar }),
  };
}

/** How free the event loop of a service was while it talked. */
export function loopFigures(service: string, { p99Ms, maxMs, count }: Loop): readonly Figure[] {
  return [
    { name: `event loop of ${service}, p99`, value: p99Ms, unit: "ms", bar: 25, sampleCount: count },
    { name: `event loop of ${service}, max`, value: maxMs, unit: "ms", bar: 150, sampleCount: count },
  ];
}

/** `ok     decision → first audible sample, p50    61.2 ms  (≤ 150, 40 samples)`. */
export function lineOf(figure: Figure): string {
  const { name, value, unit, bar, sampleCount } = figure;
  const verdict = bar === undefined ? "      " : isMissed(figure) ? "MISSED" : "ok    ";
  const limit = bar === undefined ? "" : `≤ ${bar}, `;
  return `${verdict} ${name.padEnd(72)} ${value.toFixed(1).padStart(8)} ${unit}  (${limit}${sampleCount} samples)`;
}
