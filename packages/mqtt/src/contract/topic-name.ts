import { isValidTopicName } from "./topic-filter.ts";

/** The names between braces in a topic's name: `"a/{b}/{c}"` gives `"b" | "c"`. */
export type TopicParam<Name extends string> = string extends Name
  ? string
  : Name extends `${string}{${infer Param}}${infer Rest}`
    ? Param | TopicParam<Rest>
    : never;

const PARAM = /^\{([a-z][a-z0-9_]*)\}$/;

/**
 * The parameters of a declared name, in order.
 *
 * @throws {TypeError} when it is not the name of a topic: empty levels, wildcards, a `$` in front, half a parameter.
 */
export function parseTopicName(name: string): readonly string[] {
  if (typeof name !== "string" || name === "") throw new TypeError("A topic needs a name");
  const fault = faultOfName(name);
  if (fault !== undefined) throw new TypeError(`The topic name ${JSON.stringify(name)} ${fault}`);
  const params = name.split("/").flatMap((level) => PARAM.exec(level)?.[1] ?? []);
  const repeated = params.find((param, index) => params.indexOf(param) !== index);
  if (repeated !== undefined) throw new TypeError(`The topic name ${name} has the parameter {${repeated}} twice`);
  return params;
}

function faultOfName(name: string): string | undefined {
  if (/[+#]/.test(name)) return "holds a wildcard; use {names} for what varies, or rawTopic() for a foreign filter";
  if (!isValidTopicName(name)) return "is not a valid MQTT topic: it holds a null or half a character, or is too long";
  if (name.startsWith("$")) return "begins with $, which belongs to the broker; use rawTopic()";
  const levels = name.split("/");
  if (levels.includes("")) return "has an empty level; remove the extra slash";
  const half = levels.find((level) => /[{}]/.test(level) && !PARAM.test(level));
  if (half === undefined) return undefined;
  return `has the level ${half}; a parameter is a whole level such as {client_id}, in lower case`;
}

/** The filter of a name: each parameter is its value when there is one, else `+`. */
export function bindName(name: string, values: Readonly<Record<string, string>>): string {
  return name
    .split("/")
    .map((level) => {
      const param = PARAM.exec(level)?.[1];
      if (param === undefined) return level;
      return (Object.hasOwn(values, param) ? values[param] : undefined) ?? "+";
    })
    .join("/");
}

/** Whether the text can stand in for a parameter: one whole level, without wildcards. */
export function isLevel(text: unknown): text is string {
  return typeof text === "string" && isValidTopicName(text) && !text.includes("/");
}
