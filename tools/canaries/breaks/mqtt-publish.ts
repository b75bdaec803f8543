import type { Canary } from "../canary.ts";

const PUBLISH = "packages/mqtt/src/publish";
const CONTRACT = "packages/mqtt/src/contract";

/** Breaks of what leaves the client: outbox, window, expiry, poison, contracts. */
export const publishBreaks: readonly Canary[] = [
  {
    name: "drop-in-flight-on-cut",
    file: `${PUBLISH}/outbox.ts`,
    find: "const again = [...this.#inflight.all()];",
    replace: "const again: OutboxEntry[] = [];",
    test: `${PUBLISH}/outbox.test.ts`,
    title: "what was in flight when the connection broke is taken again first, in order, under its old packet id",
  },
  {
    name: "outbox-unbounded",
    file: `${PUBLISH}/outbox.ts`,
    find: "return messages < this.#bounds.maxMessages && bytes + payloadBytes <= this.#bounds.maxBytes;",
    replace: "return messages >= 0 && bytes + payloadBytes <= this.#bounds.maxBytes;",
    test: "packages/mqtt/src/traps-outbound.broker.test.ts",
    title: "T4: in ours the outbox is bounded and says so, and what it accepted arrives whole and in order",
  },
  {
    name: "send-window-ignored",
    file: `${PUBLISH}/sender.ts`,
    find: "if (this.outbox.inflightCount >= this.#windowFor(entry, wire)) return false;",
    replace: "if (this.outbox.inflightCount >= this.#windowFor(entry, wire) * 1_000) return false;",
    test: `${PUBLISH}/publish.broker.test.ts`,
    title: "no more messages stand unacknowledged than the send window, and all arrive in order",
  },
  {
    name: "outbound-expiry-ignored",
    file: `${PUBLISH}/sender.ts`,
    find: 'if (entry.status === "waiting" && entry.giveUpAtMs <= nowMs) {',
    replace: 'if (entry.status === "waiting" && entry.giveUpAtMs <= 0) {',
    test: `${PUBLISH}/outbox.broker.test.ts`,
    title: "a message that outlives its time while offline is reported as expired and never sent",
  },
  {
    name: "poison-never-set-aside",
    file: `${PUBLISH}/poison.ts`,
    find: "[UNSUSPECTED, state.id]",
    replace: "[state, undefined]",
    test: `${PUBLISH}/poison.test.ts`,
    title: "a message that stands alone is set aside at the third end more, and nothing is suspected any longer",
  },
  {
    name: "unchecked-members-sent",
    file: `${CONTRACT}/encode.ts`,
    find: "if (stripped > 0) {",
    replace: "if (stripped > 100) {",
    test: `${CONTRACT}/encode.test.ts`,
    title:
      "what breaks the contract is not encoded > also when it is only a member that the contract does not know, at any depth",
  },
  {
    name: "broken-envelope-read-as-bare",
    file: `${CONTRACT}/decode.ts`,
    find: 'return { ok: false, reason: "bad_envelope", problems: reading.problems, envelope: reading.envelope };',
    replace: "return decodeBare(topic, text, body);",
    test: `${CONTRACT}/decode.test.ts`,
    title: "a broken envelope > is never read as bare JSON, whatever the contract accepts",
  },
  {
    name: "wildcard-hears-the-broker-itself",
    file: `${CONTRACT}/filter-trie.ts`,
    find: 'const wildcardsCount = depth > 0 || !(level ?? "").startsWith("$");',
    replace: "const wildcardsCount = depth >= 0;",
    test: "packages/mqtt/src/receive/subscription-table.test.ts",
    title: "without identifiers a packet is for every filter that matches by the rules of MQTT",
  },
];
