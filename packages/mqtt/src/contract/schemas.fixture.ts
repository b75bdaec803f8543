import type { StandardSchemaV1 } from "@standard-schema/spec";
import { z } from "zod";

/** A contract with nested members, a default, an array and a free object. */
export const Lamp = z.object({
  on: z.boolean(),
  level: z.number().min(0).max(1).default(1),
  label: z.string().optional(),
  place: z.object({ room: z.string(), shelf: z.number().int().optional() }).optional(),
  colours: z.array(z.object({ hue: z.number(), name: z.string().optional() })).optional(),
  params: z.record(z.string(), z.unknown()).optional(),
});

/** Accepts everything as it is. */
export const anySchema: StandardSchemaV1<unknown, unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

/** Answers later, which a topic cannot use. */
export const asyncSchema: StandardSchemaV1<unknown, unknown> = {
  "~standard": { version: 1, vendor: "test", validate: async (value) => ({ value }) },
};
