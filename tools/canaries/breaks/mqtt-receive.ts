import type { Canary } from "../canary.ts";

const RECEIVE = "packages/mqtt/src/receive";

/** Breaks of how the client takes messages in: acknowledgement, duplicates, order, dead letters, orphans. */
export const receiveBreaks: readonly Canary[] = [
  {
    name: "ack-before-handler",
    file: `${RECEIVE}/receiver.ts`,
    find: "if (isControl) acknowledge();",
    replace: "acknowledge();",
    test: `${RECEIVE}/acknowledge.broker.test.ts`,
    title: "a QoS 1 message is acknowledged only after its handler returned",
  },
  {
    name: "ack-out-of-wire-order",
    file: `${RECEIVE}/receiver.ts`,
    find: "for (const packetId of connection.acks.settle(slot)) connection.transport.puback(packetId);",
    replace: "connection.transport.puback(slot.packetId);",
    test: `${RECEIVE}/acknowledge.broker.test.ts`,
    title: "messages whose handlers end out of order are acknowledged in the order in which they came",
  },
  {
    name: "stale-ack",
    file: `${RECEIVE}/receiver.ts`,
    find: "if (slot === undefined || connection !== this.#connection) return;",
    replace:
      "if (slot === undefined) return; else connection = { ...connection, ...this.#connection, acks: connection.acks };",
    test: `${RECEIVE}/duplicates.fault.test.ts`,
    title: "nothing is acknowledged on another connection than its own when the session is gone",
  },
  {
    name: "control-link-does-not-ack-on-acceptance",
    file: `${RECEIVE}/receiver.ts`,
    find: "if (isControl) acknowledge();",
    replace: "if (isControl && records.length === 0) acknowledge();",
    test: "packages/mqtt/src/control.broker.test.ts",
    title: "a message on the control link is acknowledged on acceptance, before its handler is done",
  },
  {
    name: "orphan-not-acknowledged",
    file: `${RECEIVE}/receiver.ts`,
    find: 'meter.count("orphans");',
    replace: 'if (this.#unfinished > 0) return meter.count("orphans");',
    test: `${RECEIVE}/orphans.broker.test.ts`,
    title:
      "what an earlier session asked for and nobody wants now is acknowledged after 5 s, counted and unsubscribed from",
  },
  {
    name: "duplicate-filter-misses",
    file: `${RECEIVE}/duplicates.ts`,
    find: "const seen = history?.running.get(key) ?? history?.finished.get(key);",
    replace: "const seen = history?.running.get(scope) ?? history?.finished.get(scope);",
    test: `${RECEIVE}/duplicates.broker.test.ts`,
    title: "a message that comes again after it was handled is acknowledged and not handled again",
  },
  {
    name: "duplicate-by-id-alone",
    file: `${RECEIVE}/deliver.ts`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
    find: "onceKey: isOnce ? `${delivery.id}:${hash32(packet.payload)}` : undefined",
    replace: "onceKey: isOnce ? delivery.id : undefined",
    test: `${RECEIVE}/duplicates.broker.test.ts`,
    title: "the same id with another payload is another message, since old peers use one id for several",
  },
  {
    name: "retained-rule-off",
    file: `${RECEIVE}/deliver.ts`,
    find: "if (packet.retain && !record.handlesRetained) {",
    replace: "if (packet.retain && record.handlesRetained) {",
    test: `${RECEIVE}/retained.broker.test.ts`,
    title: "a retained command is never handled, but counted, dead-lettered once, and only live ones are obeyed",
  },
  {
    name: "inbound-expiry-ignored",
    file: `${RECEIVE}/handle.ts`,
    find: "if (clock.nowMs() > expiresAtMs) {",
    replace: "if (clock.nowMs() < 0 && expiresAtMs < 0) {",
    test: `${RECEIVE}/attempts.broker.test.ts`,
    title: "a handler is not started for a message that expired while it waited, and the message is acknowledged",
  },
  {
    name: "dead-letter-skipped",
    file: `${RECEIVE}/handle.ts`,
    find: 'await bury(delivery, { reason: "handler_failed", error: verdict.error, attempts: verdict.attempts });',
    replace: "void verdict.error;",
    test: `${RECEIVE}/dead-letters.broker.test.ts`,
    title: "what could not be handled is kept as a retained letter that tells what, why, when and how often",
  },
  {
    name: "ack-before-dead-letter",
    file: `${RECEIVE}/handle.ts`,
    find: 'await bury(delivery, { reason: "handler_failed", error: verdict.error, attempts: verdict.attempts });',
    replace: 'void bury(delivery, { reason: "handler_failed", error: verdict.error, attempts: verdict.attempts });',
    test: `${RECEIVE}/acknowledge.broker.test.ts`,
    title: "a message that failed every attempt is acknowledged only after its dead letter is confirmed",
  },
  {
    name: "hung-handler-tried-again",
    file: `${RECEIVE}/attempts.ts`,
    find: 'if (settled.kind === "hung") return { kind: "hung", attempts, released: settled.released };',
    replace: 'if (settled.kind === "hung") continue;',
    test: `${RECEIVE}/attempts.test.ts`,
    title: "a handler that does not heed its signal is hung, is never tried again, and says when it returns after all",
  },
  {
    name: "jobs-of-one-key-side-by-side",
    file: `${RECEIVE}/lanes.ts`,
    find: "const lane = this.#lanes.get(key);",
    replace: "const lane = this.#lanes.get(key + this.#running);",
    test: `${RECEIVE}/lanes.test.ts`,
    title: "jobs of one key run one after the other, in the order they were enqueued",
  },
  {
    name: "session-trusted-without-resubscribing",
    file: `${RECEIVE}/subscriber.ts`,
    find: "return this.#subscribe(this.#table.all());",
    replace: "return this.#subscribe(connack.sessionPresent ? [] : this.#table.all());",
    test: "packages/mqtt/src/parity/connection.broker.test.ts",
    title: "on MQTT 5 every connection asks for the same filters with the same QoS",
  },
];
