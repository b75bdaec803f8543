import type { RequestPair, Topic } from "@ts-tars/mqtt/contract";

/**
 * What a service says, hears, asks and answers, as topics of the contracts; the broker's access list is made of it, and
 * its client is held to it. What every service has anyway (`ownRights`) is not repeated here. Parameters that are bound
 * (`systemHealth.at({ service: "router" })`) stay bound, the others mean any value.
 */
export interface ServiceTopics {
  readonly publishes?: readonly Topic[];
  readonly subscribes?: readonly Topic[];
  /** Publishes the request, hears the reply. */
  readonly asks?: readonly RequestPair[];
  /** Hears the request, publishes the reply. */
  readonly answers?: readonly RequestPair[];
}
