import { z } from "zod";

/** What the microphone is allowed to do. */
export const Grant = z.enum(["open", "armed", "closed"]);
export type Grant = z.output<typeof Grant>;
