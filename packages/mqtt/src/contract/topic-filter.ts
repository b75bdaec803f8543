import type { Topic } from "./topic.ts";

/** MQTT strings carry their length in two bytes. */
const MAX_TOPIC_BYTES = 65_535;

/** Null never occurs in an MQTT string, and half a surrogate pair has no UTF-8. */
const ILL_FORMED = /\0|\p{Surrogate}/u;

const encoder = new TextEncoder();

/** Whether a message can be published to this topic, by the rules of MQTT. */
export function isValidTopicName(topic: string): boolean {
  return isMqttString(topic) && !topic.includes("+") && !topic.includes("#");
}

/** Whether this is a topic filter by the rules of MQTT: `+` is a whole level, `#` the whole last one. */
export function isValidFilter(filter: string): boolean {
  if (!isMqttString(filter)) return false;
  const levels = filter.split("/");
  return levels.every((level, index) => {
    if (level === "+") return true;
    if (level === "#") return index === levels.length - 1;
    return !level.includes("+") && !level.includes("#");
  });
}

/**
 * Whether a message on `topic` belongs to a subscription of `filter`, by the rules of MQTT.
 *
 * `a/#` covers `a` itself; a filter that begins with a wildcard covers no topic that begins with `$`.
 */
export function matches(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  const wanted = filter.split("/");
  const given = topic.split("/");
  if (topic.startsWith("$") && (wanted[0] === "+" || wanted[0] === "#")) return false;
  for (const [index, level] of wanted.entries()) {
    if (level === "#") return true;
    const actual = given[index];
    if (actual === undefined || (level !== "+" && level !== actual)) return false;
  }
  return wanted.length === given.length;
}

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({});

/** The values that a concrete topic has for the declared topic's parameters, by name; those already bound too. */
export function paramsOf(topic: Topic, concrete: string): Readonly<Record<string, string>> {
  if (!topic.name.includes("{")) return NO_PARAMS;
  const params: Record<string, string> = {};
  const given = concrete.split("/");
  for (const [index, level] of topic.name.split("/").entries()) {
    if (level.startsWith("{")) params[level.slice(1, -1)] = given[index] ?? "";
  }
  return params;
}

function isMqttString(text: string): boolean {
  if (text === "" || ILL_FORMED.test(text)) return false;
  return text.length * 3 <= MAX_TOPIC_BYTES || encoder.encode(text).length <= MAX_TOPIC_BYTES;
}
