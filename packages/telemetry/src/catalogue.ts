/**
 * What the client measures, in words: the help texts of Prometheus, the descriptions of OpenTelemetry, and the tables of
 * docs/observability.md. The types keep it complete: a name or a label that the client has and this has not does not compile, nor the
 * other way round. Pure.
 */
import type { Counters, Durations, Gauges } from "@ts-tars/mqtt";

/** One measurement: what it means, and what each of its labels says. */
export interface Measurement<Label extends string = string> {
  /** One sentence, without a full stop. */
  readonly help: string;
  readonly labels: { readonly [Name in Label]: string };
}

/** A duration, and where its histogram has its bounds, in ms. */
export interface Duration<Label extends string = string> extends Measurement<Label> {
  readonly boundsMs: readonly number[];
}

const TOPIC = "the declared name of the topic, or of a raw subscription its filter";

/** From a message on loopback (1 ms) over the 200 ms of a stop and the 10 s of a handler's timeout to what was given up. */
const MESSAGE_BOUNDS_MS = [1, 2, 5, 10, 25, 50, 100, 200, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

/** Shorter blocks than half a second are not reported; a broker gives a client up after 22 s. */
const BLOCK_BOUNDS_MS = [1_000, 2_500, 5_000, 10_000, 20_000, 60_000];

/** How often something happened. */
export const COUNTERS = {
  messages_published: { help: "Messages that publish accepted for sending", labels: { topic: TOPIC } },
  messages_received: { help: "Messages that came from the broker, on both links, repeated ones included", labels: {} },
  messages_handled: {
    help: "Messages whose handler has ended, all its attempts together",
    labels: {
      topic: TOPIC,
      outcome:
        "done, failed (after the last attempt), hung (never returned), aborted (the client or subscription ended)",
    },
  },
  messages_refused: {
    help: "Messages that are not what their contract says; no handler saw them",
    labels: { topic: TOPIC, reason: "undecodable, bad_envelope, contract, too_large" },
  },
  messages_dropped: {
    help: "Messages that failed and for which no dead letter is kept (QoS 0, or the subscription wants none)",
    labels: { topic: TOPIC, reason: "as in dead_letters" },
  },
  undelivered: {
    help: "Messages that were accepted and did not reach the broker, as far as is known",
    labels: {
      topic: TOPIC,
      reason: "expired, refused, poison, closed, dropped, superseded (a newer state took its place: harmless)",
    },
  },
  stream_dropped: {
    help: "Messages of streams that were not sent",
    labels: { topic: TOPIC, reason: "offline, overflow (the link is too slow)" },
  },
  inbound_dropped: {
    help: "Messages of the control link that gave way to newer ones of their topic",
    labels: { topic: TOPIC },
  },
  expired_inbound: {
    help: "Messages that came, or whose turn came, after their time to live",
    labels: { topic: TOPIC },
  },
  duplicates_suppressed: { help: "Messages that came again and were not handled again", labels: { topic: TOPIC } },
  retained_refused: { help: "Retained messages on topics that are no state", labels: { topic: TOPIC } },
  unknown_members_stripped: {
    help: "Members of messages that the contract does not know; a newer version talks to an older one",
    labels: { topic: TOPIC },
  },
  type_differs: { help: "Messages whose envelope names another type than the contract", labels: { topic: TOPIC } },
  failed_replies_skipped: {
    help: "Failed answers that a plain subscription to the reply's topic saw; their asker is told elsewhere",
    labels: { topic: TOPIC },
  },
  replies_unmatched: {
    help: "Answers that nobody waits for any more, or that others asked for",
    labels: { topic: TOPIC },
  },
  orphans: { help: "Messages for subscriptions that only an earlier version of this client had", labels: {} },
  unexpected_pubacks: { help: "Acknowledgements of the broker for messages that were not open", labels: {} },
  dead_letters: {
    help: "Messages that could not be handled and were to be kept under dead/",
    labels: {
      reason:
        "undecodable, bad_envelope, contract, too_large, handler_failed, handler_hung, killed_process, retained (where none belongs)",
    },
  },
  dead_letters_lost: {
    help: "Dead letters that could not be kept: their messages are gone",
    labels: { why: "rate (over five a second), unconfirmed, outbox (full), or as in undelivered" },
  },
  state_failures: {
    help: "Failed attempts to use a file of the state directory",
    labels: { file: "outbox, delivery" },
  },
  state_set_aside: {
    help: "Files of the state directory that were damaged and were replaced by new ones",
    labels: { file: "outbox, delivery" },
  },
} as const satisfies { readonly [Name in keyof Counters]: Measurement<Counters[Name]> };

/** How something stands. */
export const GAUGES = {
  zombie_handlers: { help: "Handlers that never returned, since the process started", labels: {} },
  state_failing: {
    help: "1 while a file of the state directory cannot be used, else 0; absent until it failed once",
    labels: { file: "outbox, delivery" },
  },
} as const satisfies { readonly [Name in keyof Gauges]: Measurement<Gauges[Name]> };

/** How long something took. */
export const DURATIONS = {
  publish_ms: {
    help: "From publish to the broker's acknowledgement, time offline included",
    labels: { topic: TOPIC },
    boundsMs: MESSAGE_BOUNDS_MS,
  },
  handle_ms: {
    help: "From the first start of a handler to its end, all attempts and the waits between them",
    labels: { topic: TOPIC },
    boundsMs: MESSAGE_BOUNDS_MS,
  },
  request_ms: {
    help: "From a question to its answer, or to the end of the wait for it",
    labels: { topic: TOPIC },
    boundsMs: MESSAGE_BOUNDS_MS,
  },
  loop_blocked_ms: {
    help: "Times in which the event loop stood still for half a second or more",
    labels: { topic: "that of the handler that blocked it; empty when that is not known" },
    boundsMs: BLOCK_BOUNDS_MS,
  },
} as const satisfies { readonly [Name in keyof Durations]: Duration<Durations[Name]> };
