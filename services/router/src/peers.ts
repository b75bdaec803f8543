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
  /** Who of the model's replicas is there, by its name; the name of the service itself where it runs once. */
  readonly models: readonly string[];
  readonly loudspeaker: "unseen" | "up" | "muted" | "down";
  readonly ears: "unseen" | "up" | "down";
  readonly hearing: Hearing;
  /** Of the loudspeaker, 0 to 1; undefined until it is known. */
  readonly volumeRatio: number | undefined;
}

/** Whose work can be lost. */
export type Part = "model" | "loudspeaker" | "ears";

/** A worker whose work is lost; of the model's, which may be several, the name tells which one. */
export interface Lost {
  readonly part: Part;
  readonly instance: string;
}

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
  /** Sound comes in. */
  readonly isOpen: boolean;
  readonly boot: string;
}

export interface Workers {
  /** By the name of the instance. */
  readonly models: ReadonlyMap<string, Peer>;
  readonly loudspeaker: Peer;
  readonly ears: Peer;
  readonly mutedSites: readonly string[];
  readonly volumeRatio: number | undefined;
  /** In the order of their last word. */
  readonly hearings: readonly HearingSign[];
}

export const NO_WORKERS: Workers = {
  models: new Map(),
  ...{ loudspeaker: UNSEEN, ears: UNSEEN },
  mutedSites: [],
  volumeRatio: undefined,
  hearings: [],
};

/** Of a microphone that nothing is known of. */
const DEAF: Hearing = { activity: "idle", isPrivate: undefined };
/** stt-worker listens at four sites; more are remembered for a while. */
const HEARINGS_MAX = 64;

/** The next state, and whose work is lost just now. */
export type WorkersWatch = readonly [Workers, lost: readonly Lost[]];

export function seeWorker(
  workers: Workers,
  { part, instance, sign, atMs }: Lost & { readonly sign: WorkerSign; readonly atMs: number },
): WorkersWatch {
  const [next, lost] = take(workers, { part, instance }, see(peerOf(workers, { part, instance }), sign, atMs));
  if (part !== "loudspeaker" || !sign.ok) return [next, lost];
  return [{ ...next, mutedSites: sign.mutedSites, volumeRatio: sign.volumeRatio }, lost];
}

/** What a microphone notices; nothing is lost by it. */
export function seeHearing(workers: Workers, sign: HearingSign): Workers {
  const others = workers.hearings.filter(({ siteId }) => siteId !== sign.siteId);
  return { ...workers, hearings: [...others, sign].slice(-HEARINGS_MAX) };
}

export function waitForWorkers(workers: Workers, atMs: number): WorkersWatch {
  return everybody(workers).reduce<WorkersWatch>(
    ([waiting, lost], who) => {
      const [next, lostNow] = take(waiting, who, wait(peerOf(waiting, who), atMs, DEFAULT_PATIENCE));
      return [next, [...lost, ...lostNow]];
    },
    [workers, []],
  );
}

function take(workers: Workers, who: Lost, [peer, isLost]: Watch): WorkersWatch {
  const lost = isLost ? [who] : [];
  if (who.part !== "model") return [{ ...workers, [who.part]: peer }, lost];
  return [{ ...workers, models: new Map([...workers.models, [who.instance, peer]]) }, lost];
}

function peerOf(workers: Workers, { part, instance }: Lost): Peer {
  return part === "model" ? (workers.models.get(instance) ?? UNSEEN) : workers[part];
}

/** Everybody of whom something is awaited. */
function everybody({ models }: Workers): readonly Lost[] {
  const others = (["loudspeaker", "ears"] as const).map((part) => ({ part, instance: "" }));
  return [...[...models.keys()].map((instance) => ({ part: "model" as const, instance })), ...others];
}

/** The model is there while one of its replicas is. */
function standingOfModels(models: Workers["models"]): "unseen" | "up" | "down" {
  const standings = [...models.values()].map(standingOf);
  if (standings.includes("up")) return "up";
  return standings.includes("down") ? "down" : "unseen";
}

/** When time itself will tell; undefined while nothing is awaited. */
export function workersDueAtMs(workers: Workers): number | undefined {
  const dues = everybody(workers)
    .map((who) => goneAtMs(peerOf(workers, who), DEFAULT_PATIENCE))
    .filter((due) => due !== undefined);
  return dues.length === 0 ? undefined : Math.min(...dues);
}

/** Whether those that a typed question needs have each said something, good or bad. */
export function areSeen({ models, loudspeaker }: Workers): boolean {
  return standingOfModels(models) !== "unseen" && standingOf(loudspeaker) !== "unseen";
}

/** As one site sees them. */
export function peersOf(workers: Workers, siteId: string): Peers {
  const { models, loudspeaker, ears, mutedSites, volumeRatio } = workers;
  const standing = standingOf(loudspeaker);
  return {
    model: standingOfModels(models),
    models: [...models].filter(([, peer]) => standingOf(peer) === "up").map(([instance]) => instance),
    loudspeaker: standing === "up" && mutedSites.includes(siteId) ? "muted" : standing,
    ears: standingOf(ears),
    hearing: hearingOf(workers, siteId),
    // The health tells that of the default site only.
    volumeRatio: siteId === DEFAULT_SITE ? volumeRatio : undefined,
  };
}

/** Whether another site than this one may have heard the same. */
export function isOtherAwake(workers: Workers, siteId: string): boolean {
  return workers.hearings.some((sign) => {
    const isOther = sign.siteId !== siteId && sign.isOpen && sign.isPrivate !== true;
    return isOther && isLivingSign(workers, sign);
  });
}

/** Only the living process of stt-worker knows; what another one left at the broker is void. */
function isLivingSign({ ears }: Workers, { boot }: HearingSign): boolean {
  return "boot" in ears && ears.boot === boot && standingOf(ears) === "up";
}

function hearingOf(workers: Workers, siteId: string): Hearing {
  const sign = workers.hearings.find((hearing) => hearing.siteId === siteId);
  return sign !== undefined && isLivingSign(workers, sign)
    ? { activity: sign.activity, isPrivate: sign.isPrivate }
    : DEAF;
}
