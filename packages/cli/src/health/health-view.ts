/**
 * What is known of each service from its health messages. Pure.
 *
 * A retained value is what somebody once said, no proof of life: it is `unverified` until a live message of the same
 * session came, or a process with its pid is known to live on this machine.
 */
import type { HealthPing } from "@ts-tars/contracts";

/** One service as `tars health` shows it. */
export interface ServiceHealth {
  readonly service: string;
  readonly ok: boolean;
  readonly event: string | undefined;
  readonly err: string | undefined;
  readonly pid: number | undefined;
  readonly version: string | undefined;
  readonly boot: string | undefined;
  readonly session: string | undefined;
  readonly session_state: "verified" | "unverified" | "lost" | "silent";
  readonly degraded: readonly string[];
  readonly control: string | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A health message as it arrived. */
export interface HealthHeard {
  readonly service: string;
  readonly health: HealthPing;
  readonly isRetained: boolean;
}

/** The latest of each service, with whether it was heard live in its session. */
export type HealthView = ReadonlyMap<string, { readonly health: HealthPing; readonly isLive: boolean }>;

/** What is known before anything was heard. */
export const UNHEARD: HealthView = new Map();

/** The view after one more message. */
export function hear(view: HealthView, { service, health, isRetained }: HealthHeard): HealthView {
  const before = view.get(service);
  const isSameSession = before !== undefined && before.health.session === health.session;
  const isLive = !isRetained || (isSameSession && before.isLive);
  return new Map(view).set(service, { health, isLive });
}

/** What else tells that a service lives. */
export interface Witnesses {
  /** Services that should be there. */
  readonly expected: readonly string[];
  /** Whether the process of this pid is the service's own, alive on this machine. */
  readonly isAlive: (service: string, pid: number) => boolean;
}

/** One row per service, expected ones first and in their order. */
export function rowsOf(view: HealthView, { expected, isAlive }: Witnesses): readonly ServiceHealth[] {
  const others = [...view.keys()].filter((service) => !expected.includes(service)).toSorted();
  return [...expected, ...others].map((service) => {
    const heard = view.get(service);
    return heard === undefined ? silent(service) : rowOf(service, heard, isAlive);
  });
}

function rowOf(
  service: string,
  { health, isLive }: { readonly health: HealthPing; readonly isLive: boolean },
  isAlive: Witnesses["isAlive"],
): ServiceHealth {
  const { ok, event, err, pid, version, boot, session, degraded = [], control, detail = {} } = health;
  const isVerified = isLive || (pid !== undefined && isAlive(service, pid));
  const isLost = !ok && (event === "lost" || event === "shutdown");
  const session_state = isLost ? "lost" : isVerified ? "verified" : "unverified";
  return { service, ok, event, err, pid, version, boot, session, session_state, degraded, control, detail };
}

function silent(service: string): ServiceHealth {
  return {
    service,
    ok: false,
    event: undefined,
    err: "It has never said anything at this broker.",
    pid: undefined,
    version: undefined,
    boot: undefined,
    session: undefined,
    session_state: "silent",
    degraded: [],
    control: undefined,
    detail: {},
  };
}

/** What to show behind a service's name: the engine, what is degraded, or what is wrong. */
export function noteOf({ ok, err, event, degraded, detail }: ServiceHealth): string {
  const engine = typeof detail["engine"] === "string" ? detail["engine"] : "";
  const trouble = ok ? degraded.join(" ") : (err ?? event ?? "");
  return [engine, trouble].filter((part) => part !== "").join("; ");
}
