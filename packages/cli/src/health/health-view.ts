/**
 * What is known of each service from its health messages. Pure.
 *
 * A retained value is what somebody once said, no proof of life: it is `unverified` until a live message of the same
 * session came, or a process with its pid is known to live on this machine.
 */
import type { HealthPing } from "@ts-tars/contracts";
import type { PresenceView } from "@ts-tars/mqtt";
import type { ServicePresence } from "@ts-tars/service";

/** One service, or one of its replicas, as `tars health` shows it. */
export interface ServiceHealth {
  /** As on `system/health/{service}`: a replica with its number. */
  readonly service: string;
  /** The service whose replica this is. */
  readonly replica_of: string | undefined;
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
  /** Whether the process of this pid is the service's own, alive on this machine; of any replica the service's name. */
  readonly isAlive: (service: string, pid: number) => boolean;
}

/** One row for each replica of each service, expected services first and in their order. */
export function rowsOf(
  services: ReadonlyMap<string, ServicePresence<HealthPing>>,
  { expected, isAlive: isProcessAlive }: Witnesses,
): readonly ServiceHealth[] {
  const others = [...services.keys()].filter((service) => !expected.includes(service)).toSorted();
  return [...expected, ...others].flatMap((service) => {
    const rows = [...(services.get(service)?.instances ?? [])].flatMap(([instance, view]) =>
      view.kind === "absent" ? [] : [rowOf({ instance, service }, view, isProcessAlive)],
    );
    return rows.length === 0 ? [silent(service)] : rows;
  });
}

/** Whether something is known, and of every service at least one replica is well. */
export function areAllThere(rows: readonly Pick<ServiceHealth, "service" | "replica_of" | "ok">[]): boolean {
  const services = Map.groupBy(rows, ({ service, replica_of }) => replica_of ?? service);
  return services.size > 0 && [...services.values()].every((replicas) => replicas.some(({ ok }) => ok));
}

function rowOf(
  { instance, service }: { readonly instance: string; readonly service: string },
  { kind, value }: Exclude<PresenceView<HealthPing>, { kind: "absent" }>,
  isProcessAlive: Witnesses["isAlive"],
): ServiceHealth {
  const { event, err, pid, version, boot, session, degraded = [], control, detail = {} } = value;
  const isWitnessed = kind === "unverified" && pid !== undefined && isProcessAlive(service, pid);
  const session_state = kind === "alive" || isWitnessed ? "verified" : kind;
  const ok = value.ok && (session_state === "verified" || session_state === "unverified");
  const replica_of = instance === service ? undefined : service;
  return {
    ...{ service: instance, replica_of, ok, event, err, pid, version },
    ...{ boot, session, session_state, degraded, control, detail },
  };
}

function silent(service: string): ServiceHealth {
  return {
    service,
    replica_of: undefined,
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
