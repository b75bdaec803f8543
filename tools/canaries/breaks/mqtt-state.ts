import type { Canary } from "../canary.ts";

const MQTT = "packages/mqtt/src";

/** Breaks of what outlives the client's process: the durable outbox, and the record of handlers that run. */
export const stateBreaks: readonly Canary[] = [
  {
    name: "durable-message-removed-at-close",
    file: `${MQTT}/publish/durable-messages.ts`,
    find: "if (!isInterrupted(outcome)) store.remove(id);",
    replace: "store.remove(id);",
    test: `${MQTT}/durable.broker.test.ts`,
    title:
      "on MQTT 5 > what could not be sent is not told as undelivered, and the next life sends it first, in order, once",
  },
  {
    name: "durable-message-in-memory-only",
    file: `${MQTT}/publish/durable-messages.ts`,
    find: "store.put({ id,",
    replace: "void ({ id,",
    test: `${MQTT}/durable.fault.test.ts`,
    title:
      "on MQTT 5 > what was accepted arrives once and in order, wherever its publisher is killed, and nothing stays behind",
  },
  {
    name: "killer-handled-for-ever",
    file: `${MQTT}/receive/killer-watch.ts`,
    find: "if (kills >= KILLS) {",
    replace: "if (kills > KILLS) {",
    test: `${MQTT}/killed-process.fault.test.ts`,
    title: "on MQTT 5 > it is dead-lettered when it comes the third time, and those that ran beside it are handled",
  },
  {
    name: "durable-message-accepted-before-it-is-stored",
    file: `${MQTT}/outbox/outbox-file.ts`,
    find: "throw new NotStoredError({ topic: message.topic, path: this.#path, cause });",
    replace: "void new NotStoredError({ topic: message.topic, path: this.#path, cause });",
    test: `${MQTT}/outbox/outbox-file.test.ts`,
    title:
      "while it cannot be written > a message is refused in words and the gauge is up; afterwards it is taken, and the gauge is down",
  },
  {
    name: "empty-state-file-taken-for-a-new-one",
    file: `${MQTT}/outbox/database.ts`,
    find: "statSync(path).size === 0",
    replace: "statSync(path).size < 0",
    test: `${MQTT}/outbox/outbox-file.test.ts`,
    title: "a file that is damaged is set aside, told of, and replaced: > an empty file",
  },
  {
    name: "start-of-a-handler-written-too-late",
    file: `${MQTT}/outbox/runs-file.ts`,
    find: "if (others === 0) this.#writeNow(key);",
    replace: "if (others === 0) setImmediate(() => this.#writeNow(key));",
    test: `${MQTT}/outbox/runs-file.test.ts`,
    title: "a handler that was running when the process was killed is counted, life by life",
  },
  {
    name: "suspects-handled-side-by-side",
    file: `${MQTT}/receive/killer-watch.ts`,
    find: "await before;",
    replace: "await Promise.race([before, undefined]);",
    test: `${MQTT}/receive/killer-watch.test.ts`,
    title: "suspects are handled one after the other, in the order they came, and the others beside them",
  },
];
