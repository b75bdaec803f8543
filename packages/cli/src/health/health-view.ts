/**
 * What is known of each service from its health messages. Pure.
 *
 * A retained value is what somebody once said, no proof of life: it is `unverified` until a live message of the same
 * session came, or a process with its pid is known to live on this machine.
 */
import type { HealthPing } from "@ts-tars/contracts";
import type { PresenceView } from "@ts-tars/mqtt";

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
  /** `unknown`: nothing was heard for 45 s; `silent`: nothing ever. */
  readonly session_state: "verified" | "unverified" | "unknown" | "lost" | "silent";
  readonly degraded: readonly string[];
  readonly control: string | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Whether this is said by a service that lives, well or not: what it leaves behind, or its last will, is not. */
export function isAlive({ ok, event }: HealthPing): boolean {
  return ok || (event !== undefined && event !== "lost" && event !== "shutdown");
}

/** What else tells that a service lives. */
export interface Witnesses {
  /** Services that should be there. */
  readonly expected: readonly string[];
  /** Whether the process of this pid is the service's own, alive on this machine. */
  readonly isAlive: (service: string, pid: number) => boolean;
}

/** One row per service, expected ones first and in their order. */
export function rowsOf(
  views: ReadonlyMap<string, PresenceView<HealthPing>>,
  { expected, isAlive: isProcessAlive }: Witnesses,
): readonly ServiceHealth[] {
  const others = [...views.keys()].filter((service) => !expected.includes(service)).toSorted();
  return [...expected, ...others].map((service) => {
    const view = views.get(service);
    return view === undefined || view.kind === "absent" ? silent(service) : rowOf(service, view, isProcessAlive);
  });
}

function rowOf(
  service: string,
  { kind, value }: Exclude<PresenceView<HealthPing>, { kind: "absent" }>,
  isProcessAlive: Witnesses["isAlive"],
): ServiceHealth {
  const { event, err, pid, version, boot, session, degraded = [], control, detail = {} } = value;
  const isWitnessed = kind === "unverified" && pid !== undefined && isProcessAlive(service, pid);
  const session_state = kind === "alive" || isWitnessed ? "verified" : kind;
  const ok = value.ok && (session_state === "verified" || session_state === "unverified");
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

/** What does the service's work; empty where there is no choice. */
export function engineOf({ detail }: Pick<ServiceHealth, "detail">): string {
  return typeof detail["engine"] === "string" ? detail["engine"] : "";
}

/** What is degraded and what helps, or what is wrong, in sentences; empty when all is well. */
export function troubleOf({ ok, err, event, degraded }: ServiceHealth): string {
  return ok ? degraded.join(" ") : (err ?? event ?? "");
}
