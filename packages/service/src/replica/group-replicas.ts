/** From who is there to which service is there: a service is there while one of its replicas is. Pure. */
import type { PresenceView } from "@ts-tars/mqtt";
import { replicaOf } from "./instance-name.ts";

/** One service, and what is known of each process of it. */
export interface ServicePresence<Value> {
  /** Of the replica that is there most certainly; `absent` when none was ever heard. */
  readonly best: PresenceView<Value>;
  /** By the name of the instance: without a number first, then by number. */
  readonly instances: ReadonlyMap<string, PresenceView<Value>>;
}

/** How certain it is that somebody is there. */
const CERTAINTY: Readonly<Record<PresenceView<unknown>["kind"], number>> = {
  alive: 4,
  unverified: 3,
  unknown: 2,
  lost: 1,
  absent: 0,
};

/** Services by name, from presence by the name of the instance (`llm-worker`, or `llm-worker.1`, `llm-worker.2` …). */
export function groupReplicas<Value>(
  views: ReadonlyMap<string, PresenceView<Value>>,
): ReadonlyMap<string, ServicePresence<Value>> {
  const groups = Map.groupBy(views, ([instance]) => replicaOf(instance)?.service ?? instance);
  return new Map(
    [...groups].map(([service, members]) => {
      const instances = members.toSorted(([one], [other]) => numberOf(one) - numberOf(other));
      const best = instances.reduce<PresenceView<Value>>((found, [, view]) => surer(found, view), { kind: "absent" });
      return [service, { best, instances: new Map(instances) }];
    }),
  );
}

/** Of two that are as certain the first. */
function surer<Value>(one: PresenceView<Value>, other: PresenceView<Value>): PresenceView<Value> {
  return CERTAINTY[other.kind] > CERTAINTY[one.kind] ? other : one;
}

const numberOf = (instance: string): number => replicaOf(instance)?.replica ?? 0;
