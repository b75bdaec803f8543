import type { Client } from "@ts-tars/mqtt";
import { matches, type RawTopic, type RequestPair, type Topic } from "@ts-tars/mqtt/contract";
import { type Rights, rightsOf } from "./rights.ts";
import type { ServiceTopics } from "./service-topics.ts";

type Use = keyof Rights;
type Used = Topic | RawTopic | RequestPair;

/** What each method of the client does with its first argument. */
const USES: Readonly<Record<string, Use | "asks" | "answers">> = {
  publish: "publishes",
  publishConfirmed: "publishes",
  keep: "publishes",
  clear: "publishes",
  subscribe: "subscribes",
  subscribeState: "subscribes",
  request: "asks",
  respond: "answers",
};

/**
 * The client of a service, held to what the service declares: using another topic throws a `TypeError` that says what to
 * add. A broker alone would not tell: over MQTT 3.1.1, and for QoS 0 on any version, it drops what is forbidden without a
 * word, and Mosquitto grants every subscription and then sends nothing.
 */
export function holdToTopics(client: Client, instance: string, topics: ServiceTopics): Client {
  const rights = rightsOf(instance, topics);
  // Concrete topics come again and again; a service knows few of them.
  const known = { publishes: new Set<string>(), subscribes: new Set<string>() };
  const requireRight = (use: Use, filter: string, member: string = use): void => {
    if (known[use].has(filter)) return;
    if (!rights[use].some((right) => covers(right, filter))) throw new TypeError(complaint(instance, member, filter));
    known[use].add(filter);
  };
  const check = (use: (typeof USES)[string], used: Used): void => {
    if (use === "publishes" || use === "subscribes") {
      if ("filter" in used) requireRight(use, used.filter);
    } else if ("request" in used) {
      requireRight(use === "asks" ? "publishes" : "subscribes", used.request.filter, use);
      requireRight(use === "asks" ? "subscribes" : "publishes", used.reply.filter, use);
    }
  };
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const use = typeof name === "string" && Object.hasOwn(USES, name) ? USES[name] : undefined;
      return (...args: readonly [Used, ...unknown[]]): unknown => {
        if (use !== undefined) check(use, args[0]);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

/** Whether every topic of `filter` is one of `right`. */
function covers(right: string, filter: string): boolean {
  // By the rules for topics "+" matches any level, another "+" included; only a "#" must not pass for a level.
  return right === filter || (!filter.includes("#") && matches(right, filter));
}

function complaint(instance: string, member: string, filter: string): string {
  return (
    `${instance} does not declare the topic ${filter}, so the broker refuses it. ` +
    `Add its contract to "${member}" in the topics of the service's definition.`
  );
}
