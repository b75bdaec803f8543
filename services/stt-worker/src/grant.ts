/**
 * What the microphone of one site may do, and until when. Pure.
 *
 *   armed ──open──▶ open ──expired (nobody speaks), armed, router lost──▶ armed
 *     │                └──privacy (a microphone)──▶ closed ──privacy off──▶ armed
 *     └──closed──▶ closed
 *
 * 1. A grant expires to `armed`, never to `closed`, and never while somebody speaks or is being transcribed; one that was held
 *    for 12 s beyond its time ends with the utterance that holds it, whoever goes on talking.
 * 2. The same order twice is one order: it only renews the time.
 * 3. A cancelled turn opens nothing for 120 s, whichever message comes first.
 * 4. Under privacy nothing opens a microphone. A file is none; what has not sent any sound yet has 2 s to show that it is one.
 */
import type { Grant as GrantKind } from "@ts-tars/contracts";

/** Where the sound of a site comes from. */
export type SourceKind = "microphone" | "file" | "unknown";

export type Grant =
  | { readonly kind: "armed" }
  | { readonly kind: "closed" }
  | {
      readonly kind: "open";
      readonly order: OpenOrder;
      readonly untilMs: number;
      /** Somebody speaks or is being transcribed. */
      readonly isBusy: boolean;
      /** Under privacy, while it is not known to be a file. */
      readonly trialUntilMs: number | undefined;
    };

/** What `wake/mic` asks for when it opens. */
export interface OpenOrder {
  readonly uttId: string | undefined;
  readonly captureId: string | undefined;
  readonly fromSample: number | undefined;
}

export interface GrantState {
  readonly grant: Grant;
  /** Nothing but files may be listened to. */
  readonly isPrivate: boolean;
  readonly source: SourceKind;
  /** Turns that are over, and until when that is remembered. */
  readonly cancelled: ReadonlyMap<string, number>;
}

export type GrantEvent = { readonly atMs: number } & (
  | { readonly type: "opened"; readonly order: OpenOrder; readonly ttlMs: number | undefined }
  /** `finish`: what is being said is still transcribed, up to `toSample`. */
  | { readonly type: "armed"; readonly finish: boolean; readonly toSample: number | undefined }
  | { readonly type: "closed" }
  | { readonly type: "turn_cancelled"; readonly uttId: string }
  | { readonly type: "privacy_changed"; readonly isPrivate: boolean }
  | { readonly type: "source_changed"; readonly source: SourceKind }
  | { readonly type: "router_lost" }
  /** Somebody began to speak, or the last segment is settled. */
  | { readonly type: "activity_changed"; readonly isBusy: boolean }
  /** What was said is settled; more of it may have begun already. */
  | { readonly type: "utterance_over" }
  | { readonly type: "time_passed" }
);

export type GrantEffect =
  | { readonly do: "listen"; readonly order: OpenOrder }
  | { readonly do: "finish"; readonly toSample: number | undefined }
  /** What is being said, if anything is, is thrown away, and why. */
  | { readonly do: "drop"; readonly reason: "dropped" | "privacy" }
  | { readonly do: "drop_turn"; readonly uttId: string }
  | { readonly do: "refuse"; readonly order: OpenOrder; readonly reason: "privacy" | "cancelled" };

export type GrantStep = readonly [GrantState, readonly GrantEffect[]];

/** A grant without a time of its own. */
const TTL_MS = 8_000;
/** However long somebody wants it. */
const TTL_MAX_MS = 600_000;
/** With the usual time of 8 s that makes the 20 s that a conversation listens at most. */
const HELD_MAX_MS = 12_000;
const TRIAL_MS = 2_000;
const REMEMBER_MS = 120_000;
const REMEMBERED_COUNT = 256;

const ARMED: Grant = Object.freeze({ kind: "armed" });
const CLOSED: Grant = Object.freeze({ kind: "closed" });

/** Before any order. */
export function firstGrant({ isPrivate, source }: Pick<GrantState, "isPrivate" | "source">): GrantState {
  return { grant: isPrivate ? CLOSED : ARMED, isPrivate, source, cancelled: new Map() };
}

/** What everybody is told the grant is. */
export function kindOf({ grant }: GrantState): GrantKind {
  return grant.kind;
}

/** When `time_passed` must come; undefined while nothing is awaited. */
export function expiresAtMs({ grant }: GrantState): number | undefined {
  if (grant.kind !== "open") return undefined;
  return grant.trialUntilMs ?? (grant.isBusy ? undefined : grant.untilMs);
}

/** The next state, and what must be done to get there, in order. */
export function step(state: GrantState, event: GrantEvent): GrantStep {
  const { grant } = state;
  switch (event.type) {
    case "opened":
      return opened(state, event);
    case "armed":
      return armed(state, event);
    case "closed":
      return [{ ...state, grant: CLOSED }, [{ do: "drop", reason: "dropped" }]];
    case "turn_cancelled":
      return cancelled(state, event);
    case "privacy_changed":
      return limit({ ...state, isPrivate: event.isPrivate });
    case "source_changed":
      return sourceChanged({ ...state, source: event.source });
    case "router_lost":
      return [{ ...state, grant: grant.kind === "open" ? resting(state) : grant }, [{ do: "drop", reason: "dropped" }]];
    case "activity_changed": {
      if (grant.kind !== "open") return [state, []];
      return expire({ ...state, grant: { ...grant, isBusy: event.isBusy } }, event.atMs);
    }
    case "utterance_over": {
      if (grant.kind !== "open" || event.atMs < grant.untilMs + HELD_MAX_MS) return [state, []];
      return [{ ...state, grant: resting(state) }, [{ do: "drop", reason: "dropped" }]];
    }
    case "time_passed":
      return expire(state, event.atMs);
  }
}

/** What a grant falls back to: the wake phrase is heard, unless nothing may be. */
function resting({ isPrivate, source }: GrantState): Grant {
  return isPrivate && source !== "file" ? CLOSED : ARMED;
}

type Opened = GrantEvent & { readonly type: "opened" };

function opened(state: GrantState, { order, ttlMs = TTL_MS, atMs }: Opened): GrantStep {
  const { grant, isPrivate, source, cancelled: over } = state;
  if (isPrivate && source === "microphone") return [state, [{ do: "refuse", order, reason: "privacy" }]];
  const isCancelled = order.uttId !== undefined && (over.get(order.uttId) ?? 0) > atMs;
  if (isCancelled) return [state, [{ do: "refuse", order, reason: "cancelled" }]];
  const untilMs = atMs + Math.min(TTL_MAX_MS, ttlMs);
  if (grant.kind === "open" && isSame(grant.order, order)) return [{ ...state, grant: { ...grant, untilMs } }, []];
  const trialUntilMs = isPrivate && source === "unknown" ? atMs + TRIAL_MS : undefined;
  return [
    { ...state, grant: { kind: "open", order, untilMs, isBusy: false, trialUntilMs } },
    [{ do: "listen", order }],
  ];
}

/** Without a sample it is the running turn once more. */
function isSame(running: OpenOrder, asked: OpenOrder): boolean {
  if (running.uttId !== asked.uttId) return false;
  if (asked.fromSample === undefined) return true;
  return asked.fromSample === running.fromSample && asked.captureId === running.captureId;
}

function armed(state: GrantState, { finish, toSample }: GrantEvent & { readonly type: "armed" }): GrantStep {
  return [
    { ...state, grant: resting(state) },
    [finish ? { do: "finish", toSample } : { do: "drop", reason: "dropped" }],
  ];
}

function cancelled(state: GrantState, { uttId, atMs }: GrantEvent & { readonly type: "turn_cancelled" }): GrantStep {
  const known = [...state.cancelled].filter(([id, until]) => id !== uttId && until > atMs).slice(1 - REMEMBERED_COUNT);
  const next = { ...state, cancelled: new Map([...known, [uttId, atMs + REMEMBER_MS]]) };
  const { grant } = state;
  const isOpenForIt = grant.kind === "open" && grant.order.uttId === uttId;
  // What is said in a turn may outlive its grant, so that its owner is asked to look too.
  return [isOpenForIt ? { ...next, grant: resting(state) } : next, [{ do: "drop_turn", uttId }]];
}

/** Privacy closes what is no file, and its end opens nothing: it arms. */
function limit(state: GrantState): GrantStep {
  if (!state.isPrivate || state.source === "file") return [state.grant.kind === "closed" ? arm(state) : state, []];
  return [{ ...state, grant: CLOSED }, [{ do: "drop", reason: "privacy" }]];
}

const arm = (state: GrantState): GrantState => ({ ...state, grant: ARMED });

function sourceChanged(state: GrantState): GrantStep {
  const { grant, source } = state;
  if (grant.kind !== "open" || grant.trialUntilMs === undefined) return limit(state);
  if (source === "file") return [{ ...state, grant: { ...grant, trialUntilMs: undefined } }, []];
  return source === "unknown" ? [state, []] : endTrial(state, grant.order);
}

function endTrial(state: GrantState, order: OpenOrder): GrantStep {
  return [
    { ...state, grant: CLOSED },
    [
      { do: "drop", reason: "privacy" },
      { do: "refuse", order, reason: "privacy" },
    ],
  ];
}

function expire(state: GrantState, atMs: number): GrantStep {
  const { grant } = state;
  const due = expiresAtMs(state);
  if (grant.kind !== "open" || due === undefined || due > atMs) return [state, []];
  if (grant.trialUntilMs !== undefined) return endTrial(state, grant.order);
  return [{ ...state, grant: resting(state) }, [{ do: "drop", reason: "dropped" }]];
}
