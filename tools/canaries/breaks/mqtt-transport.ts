import type { Canary } from "../canary.ts";

const TRANSPORT = "packages/mqtt/src/transport";

/** Breaks of how packets are read and written. */
export const transportBreaks: readonly Canary[] = [
  {
    name: "packet-read-beyond-its-end",
    file: `${TRANSPORT}/read-packets.ts`,
    find: "if (this.at + bytes > this.#end)",
    replace: "if (this.at + bytes > this.#bytes.length)",
    test: `${TRANSPORT}/codec.fuzz.test.ts`,
    title: "on MQTT 5 both readers say the same, or ours refuses",
  },
  {
    name: "page-written-again",
    file: `${TRANSPORT}/page.ts`,
    find: "this.#start = this.#end;",
    replace: "this.#start = this.#end = 0;",
    test: `${TRANSPORT}/page.test.ts`,
    title: "what was handed out is never written again, however much follows",
  },
];
