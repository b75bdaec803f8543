/**
 * Which of several rooms answers a wake phrase that more than one of them heard. Pure.
 *
 *   quiet ──heard, and others listen too──▶ gathering ──150 ms──▶ quiet: the best one answers
 *     └──heard where nobody else listens──▶ quiet: it answers at once
 *
 * Compared is how far the phrase stood over the noise of its room; the scores of engines are not comparable.
 */
import type { SoundPosition } from "./window.ts";

/** The wake phrase, as one site heard it. */
export interface Call extends SoundPosition {
  readonly siteId: string;
  /** Of the phrase over the noise before it; undefined when that is not known. */
  readonly overFloorDb: number | undefined;
}

export type Arbitration =
  | { readonly kind: "quiet" }
  | { readonly kind: "gathering"; readonly untilMs: number; readonly calls: readonly Call[] };

/** Who answers, and who stays as it was. */
export interface Verdict {
  readonly answering: Call;
  readonly others: readonly Call[];
}

/** The next state, and the verdict if there is one. */
export type CallsHeard = readonly [Arbitration, Verdict | undefined];

export const QUIET: Arbitration = Object.freeze({ kind: "quiet" });

/** From the first call on: the others come within it when they heard the same. */
const GATHER_MS = 150;

/** `isAlone`: no other site is awake that could have heard it too. */
export function hearCall(
  arbitration: Arbitration,
  call: Call,
  { atMs, isAlone }: { readonly atMs: number; readonly isAlone: boolean },
): CallsHeard {
  if (arbitration.kind === "gathering") {
    const others = arbitration.calls.filter(({ siteId }) => siteId !== call.siteId);
    return [{ ...arbitration, calls: [...others, call] }, undefined];
  }
  if (isAlone) return [QUIET, { answering: call, others: [] }];
  return [{ kind: "gathering", untilMs: atMs + GATHER_MS, calls: [call] }, undefined];
}

/** What follows when the time was reached; of equally good ones the first is taken. */
export function decideCalls(arbitration: Arbitration, atMs: number): CallsHeard {
  if (arbitration.kind === "quiet" || atMs < arbitration.untilMs) return [arbitration, undefined];
  const { calls } = arbitration;
  const best = calls.reduce((one, other) => (loudness(other) > loudness(one) ? other : one));
  return [QUIET, { answering: best, others: calls.filter((call) => call !== best) }];
}

function loudness({ overFloorDb }: Call): number {
  return overFloorDb ?? Number.NEGATIVE_INFINITY;
}

/** When it is decided; undefined while nobody called. */
export function callsDueAtMs(arbitration: Arbitration): number | undefined {
  return arbitration.kind === "gathering" ? arbitration.untilMs : undefined;
}
