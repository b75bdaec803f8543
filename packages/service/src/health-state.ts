import type { HealthPing } from "@ts-tars/contracts";

/**
 * What a service says of itself, as a value. Pure.
 *
 *   starting ──ready──▶ working ──stopping──▶ stopping
 *
 * Beside it stand what each part lacks, and the control link: down for 10 s makes any of them `ok: false`, because a stop could not
 * arrive.
 */
export type Condition = { readonly kind: "starting" | "working" | "stopping" };

/** What a part of the service lacks, and the one thing that helps. */
export interface Lack {
  readonly reason: string;
  readonly remedy: string;
}

/** The client's control link. */
export type Control = "up" | "down" | "unused";

/** A fact shown with the health, such as `engine`. */
export type Detail = Readonly<Record<string, string | number | boolean>>;

/** All that decides what the next health message says. */
export interface HealthState {
  readonly condition: Condition;
  /** By part, in the order in which they were told. */
  readonly lacks: ReadonlyMap<string, Lack>;
  readonly control: Control;
  /** Since when the control link has been down while the data link was up, on a monotonic clock. */
  readonly controlDownAtMs: number | undefined;
  readonly detail: Detail;
  /** Handlers that were given up because they never returned. */
  readonly hungCount: number;
}

/** Who speaks: the same in every health message of one process life. */
export interface Identity {
  readonly boot: string;
  readonly version: string;
  readonly pid: number;
}

/** The control link may be down this long before the service counts as not healthy (02). */
export const CONTROL_DOWN_LIMIT_MS = 10_000;

/** Before anything is known. */
export const STARTING: HealthState = Object.freeze<HealthState>({
  condition: { kind: "starting" },
  lacks: new Map(),
  control: "unused",
  controlDownAtMs: undefined,
  detail: {},
  hungCount: 0,
});

/** The service is at work; what degraded it before stays in force. */
export function markReady(state: HealthState): HealthState {
  return state.condition.kind === "starting" ? { ...state, condition: { kind: "working" } } : state;
}

/** What a part lacks from now on; undefined: nothing. */
export function markLack(state: HealthState, part: string, lack: Lack | undefined): HealthState {
  const lacks = new Map(state.lacks);
  if (lack === undefined) lacks.delete(part);
  else lacks.set(part, lack);
  return { ...state, lacks };
}

/** So many handlers have been given up so far; nothing but a restart mends that. */
export function markHung(state: HealthState, hungCount: number): HealthState {
  return { ...state, hungCount };
}

/** Follows the control link; the time counts from its first loss. */
export function markControl(state: HealthState, control: Control, nowMs: number): HealthState {
  const controlDownAtMs = control === "down" ? (state.controlDownAtMs ?? nowMs) : undefined;
  return { ...state, control, controlDownAtMs };
}

/** Merges facts; `undefined` removes one. */
export function mergeDetail(
  state: HealthState,
  fields: Readonly<Record<string, string | number | boolean | undefined>>,
): HealthState {
  const merged = Object.entries({ ...state.detail, ...fields });
  const kept = merged.filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined);
  return { ...state, detail: Object.fromEntries(kept) };
}

/** The health message without its session and time. */
export type HealthReport = Omit<HealthPing, "session" | "timestamp" | "message_id">;

/** What the contract allows for a reason. */
const REASON_MAX_CHARS = 500;

/** What the service says now. */
export function report(state: HealthState, identity: Identity, nowMs: number): HealthReport {
  const { control, detail } = state;
  const degraded = complaints(state);
  return {
    ...words(state, nowMs),
    ...identity,
    control,
    ...(degraded.length > 0 && { degraded }),
    ...(Object.keys(detail).length > 0 && { detail }),
  };
}

/** What the broker says for a service whose connection broke, and the service itself when it closes. */
export function farewell(identity: Identity, event: "shutdown" | "lost"): HealthReport {
  const said = event === "shutdown" ? { event } : { event, err: "The connection to the broker broke." };
  return { ok: false, ...said, ...identity };
}

function complaints({ lacks, hungCount }: HealthState): string[] {
  const own = [...lacks.values()].map(({ reason, remedy }) => `${reason} ${remedy}`.slice(0, REASON_MAX_CHARS));
  const hung = hungCount === 0 ? [] : [`${hungCount} of its handlers never returned. Look in its log, and restart it.`];
  return [...own, ...hung];
}

function words(state: HealthState, nowMs: number): Pick<HealthReport, "ok" | "event" | "err"> {
  const { condition, controlDownAtMs } = state;
  if (condition.kind === "stopping") return { ok: false, event: "shutdown" };
  if (condition.kind === "starting") return { ok: false, event: "starting" };
  if (controlDownAtMs !== undefined && nowMs - controlDownAtMs >= CONTROL_DOWN_LIMIT_MS) {
    return { ok: false, event: "control_down", err: "The control link is down: a stop would not arrive." };
  }
  return { ok: true, event: complaints(state).length === 0 ? "ready" : "degraded" };
}
