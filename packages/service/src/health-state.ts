/**
 * What a service says of itself, as a value. Pure.
 *
 *   starting ──ready──▶ ok ◀──ok / degraded──▶ degraded
 *       any ──stopping──▶ stopping
 *
 * Beside it stands the control link: down for 10 s makes any of them `ok: false`, because a stop could not arrive.
 */
export type Condition =
  | { readonly kind: "starting" }
  | { readonly kind: "ok" }
  | { readonly kind: "degraded"; readonly reason: string; readonly remedy: string }
  | { readonly kind: "stopping" };

/** A fact shown with the health, such as `engine`. */
export type Detail = Readonly<Record<string, string | number | boolean>>;

/** All that decides what the next health message says. */
export interface HealthState {
  readonly condition: Condition;
  /** Since when the control link has been down while the data link was up, on a monotonic clock. */
  readonly controlDownAtMs: number | undefined;
  readonly detail: Detail;
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
  controlDownAtMs: undefined,
  detail: {},
});

/** The service is at work; what degraded it before stays in force. */
export function markReady(state: HealthState): HealthState {
  return state.condition.kind === "starting" ? { ...state, condition: { kind: "ok" } } : state;
}

/** Follows the control link; the time counts from its first loss. */
export function markControl(state: HealthState, control: "up" | "down" | "unused", nowMs: number): HealthState {
  if (control === "down") return state.controlDownAtMs === undefined ? { ...state, controlDownAtMs: nowMs } : state;
  return state.controlDownAtMs === undefined ? state : { ...state, controlDownAtMs: undefined };
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
export interface HealthReport {
  readonly ok: boolean;
  readonly event: string;
  readonly err?: string;
  readonly boot: string;
  readonly version: string;
  readonly detail: Detail;
}

/** What the service says now. */
export function report(state: HealthState, identity: Identity, nowMs: number): HealthReport {
  const { boot, version, pid } = identity;
  const said = words(state, nowMs);
  const remedy = state.condition.kind === "degraded" ? { remedy: state.condition.remedy } : {};
  return { ...said, boot, version, detail: { ...state.detail, ...remedy, pid } };
}

/** What the broker says for a service whose connection broke, and the service itself when it closes. */
export function farewell(identity: Identity, closing: boolean): HealthReport {
  const { boot, version, pid } = identity;
  const said = closing ? { event: "shutdown" } : { event: "lost", err: "The connection to the broker broke." };
  return { ok: false, ...said, boot, version, detail: { pid } };
}

function words({ condition, controlDownAtMs }: HealthState, nowMs: number): Pick<HealthReport, "ok" | "event" | "err"> {
  if (condition.kind === "stopping") return { ok: false, event: "shutdown" };
  if (condition.kind === "starting") return { ok: false, event: "starting" };
  if (controlDownAtMs !== undefined && nowMs - controlDownAtMs >= CONTROL_DOWN_LIMIT_MS) {
    return { ok: false, event: "control_down", err: "The control link is down: a stop would not arrive." };
  }
  return condition.kind === "ok"
    ? { ok: true, event: "ready" }
    : { ok: true, event: "degraded", err: condition.reason };
}
