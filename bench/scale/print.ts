/** A report as a person reads it. Pure. */
import type { KillReport, ScaleReport } from "./run-scale.ts";
import type { ScaleBar } from "./scale-bars.ts";

export function describeScale(report: ScaleReport, bars: readonly ScaleBar[]): string {
  const { figures, clients, listeners, messages_per_second, exceptions, recorded } = report;
  return [
    `${clients} clients, ${listeners} of them listening, ${messages_per_second} messages a second, three nodes`,
    ...report.kills.map(describeKill),
    `${figures.accepted} accepted, ${figures.delivered} delivered`,
    recorded ? describeCluster(figures) : `${figures.out_of_order} handled out of order, the cluster's or the client's`,
    ...exceptions.map((line) => `  ${line}`),
    ...bars.map(
      ({ figure, value, atMost, isMet }) => `  ${isMet ? "ok    " : "MISSED"}  ${figure}: ${shown(value)}  ≤ ${atMost}`,
    ),
    `a 10 ms timer beside it was late by ${report.lateness_p99_ms.toFixed(1)} ms (p99)`,
    `${bars.every(({ isMet }) => isMet) ? "PASSED" : "FAILED"}  seed ${report.seed}`,
  ].join("\n");
}

function describeCluster(figures: ScaleReport["figures"]): string {
  return (
    `the cluster's own: ${figures.lost_by_broker} lost after PUBACK, ${figures.lost_in_cut} lost in the cut, ` +
    `${figures.reordered_by_broker} sent out of order, ${figures.repeated_by_broker} sent again`
  );
}

function describeKill({ node, led, lostConnection, ...times }: KillReport): string {
  const role = led.length === 0 ? "led nothing of MQTT" : `led ${led.join(" and ")}`;
  return (
    `${node} killed (${role}): ${lostConnection} clients lost their connection, back p50 ${shown(times.back_p50_ms)}, ` +
    `p95 ${shown(times.back_p95_ms)}, max ${shown(times.back_max_ms)} ms; ` +
    `the cluster took a stranger's client after ${shown(times.cluster_away_ms)} ms`
  );
}

function shown(value: number): string {
  return Number.isFinite(value) ? value.toFixed(0) : "never";
}
