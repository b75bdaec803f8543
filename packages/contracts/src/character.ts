import { defineRequest, defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { Hex32, messageId } from "./fields.ts";

/** Whatever the persona's file has there; nulls are values. */
const freeSection = z.record(z.string(), z.unknown()).default({});

/** What a persona is made of. */
const persona = {
  message_id: messageId,
  name: z.string(),
  description: z.string().optional(),
  systemprompt: z.string().optional(),
  /** 0 to 100 each, by name. */
  traits: z.record(z.string(), z.number()).default({}),
  voice: freeSection,
  meta: freeSection,
  scenario: freeSection,
  personality_notes: freeSection,
  example_interactions: freeSection,
};

/** The whole persona. */
export const CharacterSnapshot = z.object(persona);
export type CharacterSnapshot = z.output<typeof CharacterSnapshot>;

const FREE_SECTIONS = ["voice", "meta", "scenario", "personality_notes", "example_interactions"];

/** The persona that is in force. */
export const CurrentCharacter = z.object({
  ...persona,
  /** Of memory-worker's process; of another boot the state is stale. */
  boot: Hex32.optional(),
});
export type CurrentCharacter = z.output<typeof CurrentCharacter>;

/** memory-worker → llm-worker, ui. */
export const systemCharacterCurrent = defineTopic({
  name: "system/character/current",
  type: "system.character.current",
  delivery: "state",
  reference: { lacks: ["boot"] },
  keepNull: FREE_SECTIONS,
  payload: CurrentCharacter,
});

/** Which part of the persona is asked for. */
export const CharacterGetRequest = z.object({
  message_id: messageId,
  /** `traits`, `voice` …; absent: all of it. */
  section: z.string().optional(),
});
export type CharacterGetRequest = z.output<typeof CharacterGetRequest>;

/** One part of the persona. */
export const CharacterSection = z.object({
  message_id: messageId,
  section: z.string(),
  value: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
});
export type CharacterSection = z.output<typeof CharacterSection>;

/** The part that was asked for, or all of it. */
export const CharacterResult = z.union([CharacterSection, CharacterSnapshot], {
  error: "must be a section with its name and a text or an object as value, or a whole character with its name",
});
export type CharacterResult = z.output<typeof CharacterResult>;

/** llm-worker, ui → memory-worker. A section that there is not is a failure, told in words. */
export const characterGet = defineRequest({
  name: "character/get",
  type: "character.get",
  payload: CharacterGetRequest,
  replyName: "character/result",
  replyType: "character.result",
  replyPayload: CharacterResult,
  replyKeepNull: ["value", ...FREE_SECTIONS],
  reference: { lacks: [] },
  replyReference: { lacks: [] },
});

/** Sets one trait, or sets all of them back to the persona's file. */
export const CharacterUpdate = z
  .object({
    message_id: messageId,
    /** Only traits change; the reference's tools leave it out. */
    section: z.literal("traits").optional(),
    trait: z.string().min(1).max(64).optional(),
    value: z.number().int().min(0).max(100).optional(),
    action: z.literal("reset_traits").optional(),
  })
  .superRefine(({ trait, value, action }, context) => {
    const require = (isMissing: boolean, path: string, message: string): void => {
      if (isMissing) context.addIssue({ code: "custom", path: [path], message });
    };
    if (action !== undefined) {
      require(trait !== undefined, "trait", "must not be there with the action reset_traits");
      require(value !== undefined, "value", "must not be there with the action reset_traits");
      return;
    }
    require(trait === undefined &&
      value === undefined, "action", "must be reset_traits, or a trait and a value be there");
    require(trait === undefined && value !== undefined, "trait", "must be there with a value");
    require(trait !== undefined && value === undefined, "value", "must be there with a trait");
  });
export type CharacterUpdate = z.output<typeof CharacterUpdate>;

/** llm-worker (its tools), ui → memory-worker. */
export const characterUpdate = defineTopic({
  name: "character/update",
  type: "character.update",
  delivery: "command",
  // A user's change is never lost, however late it arrives.
  ttlMs: "none",
  durable: true,
  reference: { lacks: [] },
  payload: CharacterUpdate,
});

/** What an update asks for. */
export type CharacterChange =
  | { readonly kind: "set"; readonly trait: string; readonly value: number }
  | { readonly kind: "reset" };

/** The change of an update that its contract accepted. */
export function characterChangeOf({ trait, value }: CharacterUpdate): CharacterChange {
  return trait === undefined || value === undefined ? { kind: "reset" } : { kind: "set", trait, value };
}
