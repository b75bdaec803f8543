/**
 * Everything that is measured: each name with the labels it may carry. A topic is always the declared name, and every other label
 * has a handful of values, so that their number does not grow with what is said. What each means stands in the catalogue of
 * `@ts-tars/telemetry`, which the types keep complete.
 */

/** How often something happened. */
export interface Counters {
  readonly messages_published: "topic";
  readonly messages_received: never;
  readonly messages_handled: "topic" | "outcome";
  readonly messages_refused: "topic" | "reason";
  readonly messages_dropped: "topic" | "reason";
  readonly undelivered: "topic" | "reason";
  readonly stream_dropped: "topic" | "reason";
  readonly inbound_dropped: "topic";
  readonly expired_inbound: "topic";
  readonly duplicates_suppressed: "topic";
  readonly retained_refused: "topic";
  readonly unknown_members_stripped: "topic";
  readonly type_differs: "topic";
  readonly failed_replies_skipped: "topic";
  readonly replies_unmatched: "topic";
  readonly orphans: never;
  readonly unexpected_pubacks: never;
  readonly dead_letters: "reason";
  readonly dead_letters_lost: "why";
  readonly state_failures: "file";
  readonly state_set_aside: "file";
}

/** How something stands. */
export interface Gauges {
  readonly zombie_handlers: never;
  readonly state_failing: "file";
}

/** How long something took, in ms. */
export interface Durations {
  readonly publish_ms: "topic";
  readonly handle_ms: "topic";
  readonly request_ms: "topic";
  readonly loop_blocked_ms: "topic";
}

/** The labels of one measurement. */
export type LabelsOf<Names extends string> = { readonly [Name in Names]: string };
