/** Topics of the programs that are killed; apart, so that such a program starts quickly. */
import { z } from "zod";
import { defineTopic } from "./contract/index.ts";

/** A command that must not be lost. */
export const wish = defineTopic({
  name: "test/wish",
  type: "test.wish",
  delivery: "command",
  // The tests' own: as late as it may be.
  ttlMs: "none",
  durable: true,
  payload: z.object({ text: z.string() }),
});

/** An event whose key is in its data. */
export const errand = defineTopic({
  name: "test/errand",
  type: "test.errand",
  delivery: "event",
  payload: z.object({ key: z.string(), n: z.number().int() }),
  key: ({ key }) => key,
});
