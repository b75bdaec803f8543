/** A loudspeaker played by hand: events in, effects out, on a clock that the test moves. */
import { dueAtMs, step } from "./playback.ts";
import {
  DEFAULT_LIMITS as LIMITS,
  type Playback,
  type PlaybackEffect,
  type PlaybackEvent,
  SILENCE,
} from "./playback-state.ts";
import type { Report, Sentence } from "./sentence.ts";

type Happening = PlaybackEvent extends infer Each
  ? Each extends unknown
    ? Omit<Each, "atMs" | "spokenRatio">
    : never
  : never;

export class Play {
  playback: Playback = SILENCE;
  nowMs = 0;
  readonly effects: PlaybackEffect[] = [];

  happen(happening: Happening, spokenRatio = 0): readonly string[] {
    const event = { ...happening, atMs: this.nowMs, spokenRatio } as PlaybackEvent; // the union, distributed over Omit and back
    const [next, effects] = step(this.playback, event, LIMITS);
    this.playback = next;
    this.effects.push(...effects);
    return effects.map(short);
  }

  say(sayId: string, overrides: Partial<Sentence> = {}): readonly string[] {
    return this.happen({ type: "requested", sentence: sentence(sayId, overrides) });
  }

  start(expectedMs = 1_000): readonly string[] {
    return this.happen({ type: "started", generation: this.playback.generation, expectedMs });
  }

  end(): readonly string[] {
    return this.happen({ type: "ended", generation: this.playback.generation });
  }

  reachDeadline(spokenRatio = 0): readonly string[] {
    const due = dueAtMs(this.playback, LIMITS);
    if (due === undefined) throw new Error("Nothing is awaited.");
    this.nowMs = due;
    return this.happen({ type: "time_passed" }, spokenRatio);
  }

  get reports(): readonly Report[] {
    return this.effects.flatMap((effect) => (effect.do === "report" ? [effect.report] : []));
  }
}

function sentence(sayId: string, overrides: Partial<Sentence> = {}): Sentence {
  const plain = { uttId: "t1", sayId, seq: 0, isLast: false, kind: "answer", text: `Words of ${sayId}.` } as const;
  return { ...plain, voice: undefined, lang: undefined, ...overrides };
}

/** `speaking_end a cut 0.5`. */
function short(effect: PlaybackEffect): string {
  if (effect.do === "play") return `play ${effect.sentence.sayId}`;
  if (effect.do === "acknowledge") return `acknowledge ${effect.uttId} ${effect.wasActive ? "active" : "idle"}`;
  if (effect.do !== "report") return effect.do;
  const { report } = effect;
  const end =
    report.event === "speaking_end" || report.event === "failed" ? ` ${report.reason} ${report.spokenRatio}` : "";
  return `${report.event} ${report.sentence.sayId}${end}`;
}
