/** What a service tells of itself at `/metrics`, beside what its client measures: `ts_tars_service_…`. Pure. */
import type { ClientState } from "@ts-tars/mqtt";
import type { HealthReport } from "../health-state.ts";

/** What the figures are taken from, at the moment they are read. */
export interface ServiceView {
  readonly health: HealthReport;
  readonly client: ClientState;
}

/** One figure; undefined: not known now. */
export interface ServiceFigure {
  readonly help: string;
  readonly read: (view: ServiceView) => number | undefined;
}

const flag = (isSo: boolean): number => (isSo ? 1 : 0);

/** By name, without the prefix. */
export const SERVICE_FIGURES = {
  healthy: {
    help: "1 while the service says that it is well: at work, and its control link is there; degraded counts as well",
    read: ({ health }) => flag(health.ok),
  },
  complaints: {
    help: "How many things it lacks; each stands in its health with what helps",
    read: ({ health }) => health.degraded?.length ?? 0,
  },
  connected: { help: "1 while it is connected to the broker", read: ({ client }) => flag(client.kind === "up") },
  control_up: {
    help: "1 while its control link is up: a stop would arrive",
    read: ({ client }) => flag(client.kind === "up" && client.control === "up"),
  },
  connection_number: {
    help: "Grows by one with each connection to the broker; absent while there is none",
    read: ({ client }) => (client.kind === "up" ? client.epoch : undefined),
  },
} as const satisfies Readonly<Record<string, ServiceFigure>>;
