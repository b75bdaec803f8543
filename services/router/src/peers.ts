/** What is known of the workers a turn needs, and of each site's loudspeaker. Pure. */
import {
  DEFAULT_PATIENCE,
  goneAtMs,
  type Peer,
  type Sign,
  see,
  standingOf,
  UNSEEN,
  type Watch,
  wait,
} from "@ts-tars/service/peer";
import type { Peers } from "./conversation-state.ts";

/** Which part of a turn a worker has in hand. */
export type Part = keyof Peers;

/** What a worker's health says; the loudspeaker's also which sites are muted. */
export interface WorkerSign extends Sign {
  readonly mutedSites: readonly string[];
}

export interface Workers {
  readonly model: Peer;
  readonly loudspeaker: Peer;
  readonly mutedSites: readonly string[];
}

export const NO_WORKERS: Workers = { model: UNSEEN, loudspeaker: UNSEEN, mutedSites: [] };

/** The next state, and whose work is lost just now. */
export type WorkersWatch = readonly [Workers, lost: readonly Part[]];

export function seeWorker(
  workers: Workers,
  { part, sign, atMs }: { readonly part: Part; readonly sign: WorkerSign; readonly atMs: number },
): WorkersWatch {
  const [next, lost] = take(workers, part, see(workers[part], sign, atMs));
  return [part === "loudspeaker" && sign.ok ? { ...next, mutedSites: sign.mutedSites } : next, lost];
}

export function waitForWorkers(workers: Workers, atMs: number): WorkersWatch {
  const [once, lostModel] = take(workers, "model", wait(workers.model, atMs, DEFAULT_PATIENCE));
  const [twice, lostLoudspeaker] = take(once, "loudspeaker", wait(once.loudspeaker, atMs, DEFAULT_PATIENCE));
  return [twice, [...lostModel, ...lostLoudspeaker]];
}

function take(workers: Workers, part: Part, [peer, isLost]: Watch): WorkersWatch {
  return [{ ...workers, [part]: peer }, isLost ? [part] : []];
}

/** When time itself will tell; undefined while nothing is awaited. */
export function workersDueAtMs({ model, loudspeaker }: Workers): number | undefined {
  const dues = [model, loudspeaker].map((peer) => goneAtMs(peer, DEFAULT_PATIENCE)).filter((due) => due !== undefined);
  return dues.length === 0 ? undefined : Math.min(...dues);
}

/** Whether each of them has said something, good or bad. */
export function areSeen({ model, loudspeaker }: Workers): boolean {
  return standingOf(model) !== "unseen" && standingOf(loudspeaker) !== "unseen";
}

/** As one site sees them. */
export function peersOf({ model, loudspeaker, mutedSites }: Workers, siteId: string): Peers {
  const standing = standingOf(loudspeaker);
  return {
    model: standingOf(model),
    loudspeaker: standing === "up" && mutedSites.includes(siteId) ? "muted" : standing,
  };
}
