import type { Canary } from "../canary.ts";

const LINK = "packages/mqtt/src/link";

/** Breaks of the connection and of what is known of others: backoff, watchdog, presence, requests, secrets. */
export const linkBreaks: readonly Canary[] = [
  {
    name: "watchdog-never-resets",
    file: `${LINK}/watchdog.ts`,
    find: 'action: nowMs >= dueAtMs ? "reset" : "none"',
    replace: 'action: nowMs >= dueAtMs ? "ping" : "none"',
    test: `${LINK}/watchdog.test.ts`,
    title: "a ping that is not answered in time resets the link, not a millisecond earlier",
  },
  {
    name: "backoff-unbounded",
    file: `${LINK}/backoff.ts`,
    find: "const bound = Math.min(maxDelayMs, minDelayMs * 2 ** Math.min(failures, 30));",
    replace: "const bound = minDelayMs * 2 ** Math.min(failures, 30);",
    test: `${LINK}/backoff.test.ts`,
    title: "the bound begins at the minimum and doubles with each failure up to the maximum",
  },
  {
    name: "backoff-without-jitter",
    file: `${LINK}/backoff.ts`,
    find: "return random * (",
    replace: "return Math.ceil(random) * (",
    test: `${LINK}/backoff.test.ts`,
    title: "the delay is drawn from zero to the bound",
  },
  {
    name: "busy-broker-is-fatal",
    file: `${LINK}/verdict.ts`,
    find: "0x85, 0x86, 0x87, 0x8a]",
    replace: "0x85, 0x86, 0x87, 0x88, 0x8a]",
    test: `${LINK}/verdict.test.ts`,
    title: "a broker of MQTT 5 that is only unavailable or busy (136) is asked again",
  },
  {
    name: "retained-birth-believed",
    file: "packages/mqtt/src/presence/presence-view.ts",
    find: 'return { kind: "unverified", value, session,',
    replace: 'return { kind: "alive", value, session,',
    test: "packages/mqtt/src/presence/presence-view.test.ts",
    title: "a retained value alone is unverified, and a live one of the same session makes it alive",
  },
  {
    name: "silence-begins-anew-with-what-is-kept",
    file: "packages/mqtt/src/presence/presence-view.ts",
    find: "heardAtMs: isHeard ? view.heardAtMs : nowMs",
    replace: "heardAtMs: nowMs",
    test: "packages/mqtt/src/presence/presence-view.test.ts",
    title: "what the broker keeps of a session that was heard does not begin the silence anew, however often it comes",
  },
  {
    name: "answer-to-another-question-taken",
    file: "packages/mqtt/src/request/requester.ts",
    find: "const pending = this.#pending.get(asked);",
    replace: "const pending = [...this.#pending.values()][0];",
    test: "packages/mqtt/src/parity/end-to-end.broker.test.ts",
    title: "a request is answered by the reply that carries its envelope's id, and by no other",
  },
  {
    name: "secret-shown",
    file: "packages/mqtt/src/config/secret.ts",
    find: "toJSON(): string {",
    replace: "toJSON(): string { return this.#value; } shown(): string {",
    test: "packages/mqtt/src/config/broker-url.test.ts",
    title: "a broker's address > shows its password to nobody who prints, inspects or serialises it",
  },
];
