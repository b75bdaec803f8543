import { defineTopic, type RequestPair } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { Hex32, Reason } from "./fields.ts";

/** What a setting may be. Of a secret only the word `set`. */
export const SettingValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
export type SettingValue = z.output<typeof SettingValue>;

/** One setting in the words of JSON Schema, and two of our own: `unit` and `live`. */
export const SettingSchema = z.object({
  type: z.enum(["string", "integer", "number", "boolean", "array"]),
  description: z.string(),
  enum: z.array(z.string()).optional(),
  /** Both ends belong to the range. */
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z.object({ type: z.literal("string") }).optional(),
  minItems: z.number().int().nonnegative().optional(),
  default: SettingValue.optional(),
  unit: z.string().optional(),
  /** A secret: it can be set, and is never shown. */
  writeOnly: z.boolean().default(false),
  /** It cannot be set over the bus, because it is of all services. */
  readOnly: z.boolean().default(false),
  /** A change takes effect at once; otherwise at the next start of the service. */
  live: z.boolean(),
});
export type SettingSchema = z.output<typeof SettingSchema>;

/** Every setting of one service by its key in the file, and behind them those of all services (`mqtt.url`). */
export const ConfigSchema = z.object({
  /** Of the service's process; of another boot the state is stale. */
  boot: Hex32,
  /** A JSON Schema. */
  schema: z.object({
    type: z.literal("object"),
    properties: z.record(z.string(), SettingSchema),
    required: z.array(z.string()),
  }),
});
export type ConfigSchema = z.output<typeof ConfigSchema>;

/** Every service → ui, cli. */
export const configSchema = defineTopic({
  name: "config/{service}/schema",
  type: "config.schema",
  delivery: "state",
  payload: ConfigSchema,
});

/** What a setting is, and where that comes from. */
export const CurrentSetting = z.object({
  /** Absent: unset. As people may see it: a secret is `set`, a URL has no password. */
  value: SettingValue.optional(),
  from: z.enum(["default", "file", "env", "flag"]),
  /** The variable, the flag, or section and key of the file. */
  where: z.string().optional(),
  /** What the next start will read, when that is something else; without a value: unset. */
  pending: z.object({ value: SettingValue.optional() }).optional(),
});
export type CurrentSetting = z.output<typeof CurrentSetting>;

/** The settings that a service runs with, under the same keys as in its schema. */
export const ConfigCurrent = z.object({
  /** Of the service's process; of another boot the state is stale. */
  boot: Hex32,
  /** The configuration file that it reads, and writes what is set. */
  file: z.string(),
  settings: z.record(z.string(), CurrentSetting),
});
export type ConfigCurrent = z.output<typeof ConfigCurrent>;

/** Every service → ui, cli. No secret is ever in it: it is retained. */
export const configCurrent = defineTopic({
  name: "config/{service}/current",
  type: "config.current",
  delivery: "state",
  payload: ConfigCurrent,
});

/** What is wished. */
export const ConfigSet = z.object({
  /**
   * By key; null: back to the default. What a value may be is the setting's to say, and it does in the reply: a wrong one is no
   * broken message, which nobody would answer.
   */
  values: z.record(z.string(), z.unknown()),
});
export type ConfigSet = z.output<typeof ConfigSet>;

/** Why a change was refused; without a key it is about the file, not about a value. Never the value of a secret. */
export const SettingProblem = z.object({ key: z.string().optional(), problem: Reason.min(1) });
export type SettingProblem = z.output<typeof SettingProblem>;

/** All that was wished is saved, or nothing is. */
export const ConfigSetReply = z
  .object({
    boot: Hex32,
    result: z.enum(["saved", "refused"]),
    /** Keys whose value is in effect now. */
    applied: z.array(z.string()).default([]),
    /** Keys whose value is saved and takes effect at the next start. */
    restart: z.array(z.string()).default([]),
    /** When refused; every problem, in one sentence each. */
    problems: z.array(SettingProblem).default([]),
  })
  .refine(({ result, problems }) => (result === "refused") === problems.length > 0, {
    message: "must have problems when it is refused, and only then",
  });
export type ConfigSetReply = z.output<typeof ConfigSetReply>;

/** A disk that is slow to write takes seconds. */
const SET_TTL_MS = 10_000;

const request = defineTopic({
  name: "config/{service}/set",
  type: "config.set",
  delivery: "command",
  ttlMs: SET_TTL_MS,
  // A secret may be in it.
  private: true,
  keepNull: ["values"],
  payload: ConfigSet,
});

const reply = defineTopic({
  name: "config/{service}/set/reply",
  type: "config.set.reply",
  delivery: "event",
  ttlMs: SET_TTL_MS,
  private: true,
  payload: ConfigSetReply,
});

/** ui, cli → the service, which checks, saves, takes what it can at once, and answers. Changes of one service are made in order. */
export const configSet = Object.freeze({
  request,
  reply,
  /** The exchange with one service. */
  at: (params: { readonly service: string }): RequestPair<ConfigSet, ConfigSet, ConfigSetReplyInput, ConfigSetReply> =>
    Object.freeze({ request: request.at(params), reply: reply.at(params) }),
});

type ConfigSetReplyInput = z.input<typeof ConfigSetReply>;
