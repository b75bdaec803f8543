/**
 * What contracts demand beyond JSON Schema, said a second time and by hand, from docs and golden files and not from the code: each
 * rule is given `data` that its schema accepts. Pure.
 */
type Data = Readonly<Record<string, unknown>>;
type Rule = (data: Data) => boolean;

const has = (data: Data, ...names: readonly string[]): readonly string[] =>
  names.filter((name) => Object.hasOwn(data, name));

const exactlyOneOf =
  (...names: readonly string[]): Rule =>
  (data) =>
    has(data, ...names).length === 1;

const isPercent = (value: unknown): boolean => typeof value === "number" && value >= 1 && value <= 100;

/** Legs want all three heights; an arm wants one joint at least, and no joint is anything but a percentage. */
const isMotion: Rule = ({ command, params = {} }) => {
  const given = params as Data; // the schema says that it is an object
  if (command === "move_legs")
    return ["height_percent", "left_percent", "right_percent"].every((name) => isPercent(given[name]));
  if (command !== "move_arm") return true;
  const joints = ["port", "star"].flatMap((side) => ["main", "forearm", "hand"].map((part) => `${side}_${part}`));
  // A null in `params` is a value, and no joint has it.
  const named = has(given, ...joints);
  return named.length > 0 && named.every((name) => isPercent(given[name]));
};

const isChange: Rule = (data) =>
  Object.hasOwn(data, "action") ? has(data, "trait", "value").length === 0 : has(data, "trait", "value").length === 2;

const isForgetting: Rule = (data) =>
  Object.hasOwn(data, "all") !== has(data, "ids", "text", "from_ts", "to_ts", "site_id").length > 0;

const isSettingReply: Rule = ({ result, problems = [] }) =>
  (result === "refused") === (Array.isArray(problems) && problems.length > 0);

const RULES: Readonly<Record<string, Rule>> = {
  "tts/control": (data) => (data["action"] === "volume") === Object.hasOwn(data, "volume"),
  "llm/tools/result": exactlyOneOf("result", "error"),
  "llm/response": exactlyOneOf("reply", "error"),
  "turn/cancel": exactlyOneOf("utt_id", "site_id"),
  "wake/mic": (data) => has(data, "grant", "action").length > 0,
  "character/update": isChange,
  "memory/forget": isForgetting,
  "config/{service}/set/reply": isSettingReply,
  "movement/command": isMotion,
  "movement/test": isMotion,
};

/** Whether data that its schema accepts meets the rules of its topic. */
export function meetsRules(topic: string, data: unknown): boolean {
  return RULES[topic]?.(data as Data) ?? true; // every `data` is an object, by its schema
}
