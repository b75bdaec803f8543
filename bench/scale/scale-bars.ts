/** What is demanded of a run on a cluster. Pure. */
import type { ScaleReport } from "./run-scale.ts";

/** A bar and what came of it. */
export interface ScaleBar {
  readonly figure: string;
  readonly value: number;
  readonly atMost: number;
  readonly isMet: boolean;
}

/** So long after the cluster takes clients again the last one must be back. */
const BACK_MAX_MS = 5_000;

/** What no run may have one of. */
const NEVER = [
  "lost_by_client",
  "declared",
  "refused",
  "duplicates",
  "out_of_order",
  "strangers",
  "contradictions",
  "unsettled_promises",
] as const;

export function judgeScale({ figures, kills, recorded }: ScaleReport): readonly ScaleBar[] {
  // Without a record nobody can say whether it was not the cluster that changed the order.
  const judged = NEVER.filter((figure) => recorded || figure !== "out_of_order");
  const never = judged.map((figure) => barOf(labelOf(figure, recorded), figures[figure], 0));
  const back = kills.map(({ node, back_beyond_cluster_ms }) =>
    barOf(`${node}: everyone back, beyond the cluster's own time, ms`, back_beyond_cluster_ms, BACK_MAX_MS),
  );
  return [...never, ...back];
}

/** Without a record a loss is anybody's, and counts all the same. */
function labelOf(figure: (typeof NEVER)[number], recorded: boolean): string {
  return figure === "lost_by_client" && !recorded ? "lost, by anyone" : figure;
}

function barOf(figure: string, value: number, atMost: number): ScaleBar {
  return { figure, value, atMost, isMet: value <= atMost };
}
