/** What is known of the workers a turn needs, and of each site's loudspeaker and microphone. Pure. */
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

/** What the microphone of a site notices, whoever it is granted to. */
export interface Hearing {
  readonly activity: "idle" | "speech" | "transcribing";
  /** Undefined until it is known. */
  readonly isPrivate: boolean | undefined;
}

/** What is known of the workers a turn needs; `unseen` until the first word of one. */
export interface Peers {
  readonly model: "unseen" | "up" | "down";
  readonly loudspeaker: "unseen" | "up" | "muted" | "down";
  readonly ears: "unseen" | "up" | "down";
  readonly hearing: Hearing;
  /** Of the loudspeaker, 0 to 1; undefined until it is known. */
  readonly volumeRatio: number | undefined;
}

/** Whose work can be lost. */
export type Part = "model" | "loudspeaker" | "ears";

/** The site of messages that name none; its conversation is always there. */
export const DEFAULT_SITE = "default";

/** What a worker's health says; the loudspeaker's also which sites are muted, and its volume. */
export interface WorkerSign extends Sign {
  readonly mutedSites: readonly string[];
  readonly volumeRatio: number | undefined;
}

/** What stt-worker's state of one site says. */
export interface HearingSign extends Hearing {
  readonly siteId: string;
  readonly boot: string;
}

export interface Workers {
  readonly model: Peer;
  readonly loudspeaker: Peer;
  readonly ears: Peer;
  readonly mutedSites: readonly string[];
  readonly volumeRatio: number | undefined;
  /** In the order of their last word. */
  readonly hearings: readonly HearingSign[];
}

export const NO_WORKERS: Workers = {
  ...{ model: UNSEEN, loudspeaker: UNSEEN, ears: UNSEEN },
  mutedSites: [],
  volumeRatio: undefined,
  hearings: [],
};

/** Of a microphone that nothing is known of. */
const DEAF: Hearing = { activity: "idle", isPrivate: undefined };
/** stt-worker listens at four sites; more are remembered for a while. */
const HEARINGS_MAX = 64;

const PARTS: readonly Part[] = ["model", "loudspeaker", "ears"];

/** The next state, and whose work is lost just now. */
export type WorkersWatch = readonly [Workers, lost: readonly Part[]];

export function seeWorker(
  workers: Workers,
  { part, sign, atMs }: { readonly part: Part; readonly sign: WorkerSign; readonly atMs: number },
): WorkersWatch {
  const [next, lost] = take(workers, part, see(workers[part], sign, atMs));
  if (part !== "loudspeaker" || !sign.ok) return [next, lost];
  return [{ ...next, mutedSites: sign.mutedSites, volumeRatio: sign.volumeRatio }, lost];
}

/** What a microphone notices; nothing is lost by it. */
export function seeHearing(workers: Workers, sign: HearingSign): Workers {
  const others = workers.hearings.filter(({ siteId }) => siteId !== sign.siteId);
  return { ...workers, hearings: [...others, sign].slice(-HEARINGS_MAX) };
}

export function waitForWorkers(workers: Workers, atMs: number): WorkersWatch {
  return PARTS.reduce<WorkersWatch>(
    ([waiting, lost], part) => {
      const [next, lostNow] = take(waiting, part, wait(waiting[part], atMs, DEFAULT_PATIENCE));
      return [next, [...lost, ...lostNow]];
    },
    [workers, []],
  );
}

function take(workers: Workers, part: Part, [peer, isLost]: Watch): WorkersWatch {
  return [{ ...workers, [part]: peer }, isLost ? [part] : []];
}

/** When time itself will tell; undefined while nothing is awaited. */
export function workersDueAtMs(workers: Workers): number | undefined {
  const dues = PARTS.map((part) => goneAtMs(workers[part], DEFAULT_PATIENCE)).filter((due) => due !== undefined);
  return dues.length === 0 ? undefined : Math.min(...dues);
}

/** Whether those that a typed question needs have each said something, good or bad. */
export function areSeen({ model, loudspeaker }: Workers): boolean {
  return standingOf(model) !== "unseen" && standingOf(loudspeaker) !== "unseen";
}

/** As one site sees them. */
export function peersOf(workers: Workers, siteId: string): Peers {
  const { model, loudspeaker, ears, mutedSites, volumeRatio } = workers;
  const standing = standingOf(loudspeaker);
  return {
    model: standingOf(model),
    loudspeaker: standing === "up" && mutedSites.includes(siteId) ? "muted" : standing,
    ears: standingOf(ears),
    hearing: hearingOf(workers, siteId),
    // The health tells that of the default site only.
    volumeRatio: siteId === DEFAULT_SITE ? volumeRatio : undefined,
  };
}

/** Only the living process of stt-worker knows; what another one left at the broker is void. */
function hearingOf({ ears, hearings }: Workers, siteId: string): Hearing {
  const sign = hearings.find((hearing) => hearing.siteId === siteId);
  const isLiving = sign !== undefined && "boot" in ears && ears.boot === sign.boot && standingOf(ears) === "up";
  return isLiving ? { activity: sign.activity, isPrivate: sign.isPrivate } : DEAF;
}
