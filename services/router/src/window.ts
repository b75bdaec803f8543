/**
 * One opening of the microphone: for which turn, from which sample on, and since when nobody speaks. Pure.
 *
 * It is kept by whoever speaks, and ends some time after the last word; in any case at its hard end.
 */
import type { Hearing, Peers } from "./peers.ts";
import type { Patience, Rules } from "./rules.ts";
import type { Effect } from "./turn.ts";
import { mark, startClock, type TurnClock } from "./turn-clock.ts";

/** Where an utterance begins; undefined: with what is heard from now on. */
export interface SoundPosition {
  /** Of the capture that the sample is counted in. */
  readonly captureId: string | undefined;
  readonly fromSample: number | undefined;
}

export interface Window extends SoundPosition {
  /** The turn that the next utterance belongs to. */
  readonly uttId: string;
  readonly openedAtMs: number;
  /** Since when nobody speaks; while somebody does, when it was last quiet. */
  readonly quietSinceMs: number;
  readonly clock: TurnClock;
}

export const FROM_NOW: SoundPosition = { captureId: undefined, fromSample: undefined };

export function openWindow(
  { uttId, captureId, fromSample }: SoundPosition & { readonly uttId: string },
  { atMs, hearing }: { readonly atMs: number; readonly hearing: Hearing },
): Window {
  const clock = startClock(atMs);
  return {
    ...{ uttId, captureId, fromSample, openedAtMs: atMs, quietSinceMs: atMs },
    clock: hearing.activity === "idle" ? clock : mark(clock, "speech_heard", { atMs }),
  };
}

/** When it ends at the latest, if nothing happens; `fromMs`: when its time begins. */
export function windowDueAtMs(
  { openedAtMs, quietSinceMs }: Window,
  { ears, hearing }: Peers,
  { patience, rules, fromMs = openedAtMs }: Lasting,
): number {
  const latest = fromMs + patience.atMostMs;
  if (ears === "unseen") return Math.min(latest, openedAtMs + rules.earsUnseenMs);
  if (hearing.activity !== "idle") return latest;
  const isQuietAnew = quietSinceMs > fromMs;
  return Math.min(
    latest,
    Math.max(fromMs + patience.quietMs, isQuietAnew ? quietSinceMs + rules.listenGraceMs : fromMs),
  );
}

interface Lasting {
  readonly patience: Patience;
  readonly rules: Rules;
  readonly fromMs?: number;
}

/** Takes in what the microphone notices. */
export function notice<Kind extends Window>(
  window: Kind,
  { activity }: Hearing,
  { before, atMs }: { readonly before: Hearing; readonly atMs: number },
): Kind {
  if (activity === before.activity) return window;
  if (activity === "idle") return { ...window, quietSinceMs: atMs };
  const heard = mark(window.clock, "speech_heard", { atMs });
  return { ...window, clock: activity === "transcribing" ? mark(heard, "endpointed", { atMs }) : heard };
}

/** What the microphone may do, said anew; twice the same changes nothing but the time that is left. */
export function openGrant(
  { uttId, captureId, fromSample, openedAtMs }: Window,
  { quietMs, atMs, rules }: { readonly quietMs: number; readonly atMs: number; readonly rules: Rules },
): Effect {
  const ttlMs = Math.max(rules.listenGraceMs, openedAtMs + quietMs - atMs);
  return { do: "grant", uttId, grant: "open", captureId, fromSample, ttlMs };
}

/** The microphone hears the wake phrase and the stop word again, and nothing else. */
export function closeGrant(uttId: string): Effect {
  return { do: "grant", uttId, grant: "armed", isFinishing: false, toSample: undefined };
}
