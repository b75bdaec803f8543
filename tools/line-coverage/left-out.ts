/** The lines of `@ts-tars/mqtt` that no test of it reaches in its own process, and why. */
import type { LeftOut } from "./uncovered.ts";

export const leftOut: readonly LeftOut[] = [
  {
    file: "packages/mqtt/src/outbox/database.ts",
    lines: ["if (!existsSync(path)) throw error;"],
    why: "Two processes make the file in the same instant, or the file system knows no hard links. Neither can be had at will: `connect` makes a file in one turn, and the tests' file systems have links.",
  },
  {
    file: "packages/mqtt/src/receive/subscriptions.ts",
    lines: ["call: () => undefined,"],
    why: "A reader of the client's own gets its bytes through `intake`, before any handler; the type wants a handler all the same.",
  },
  {
    file: "packages/mqtt/src/transport/mqttjs-transport.ts",
    lines: ["getLastAllocated: () => last,", "register: () => true,"],
    why: "MQTT.js wants both of whoever gives out its packet ids. It calls `register` only for messages that it has stored, and is never given one; the other only for its own `getLastMessageId`, which nobody here asks.",
  },
];
