import { describe, expect, it } from "vitest";
import { readComments } from "./comments.ts";

const SOURCE = `
/** Of every message. */
const about = {
  /** When. */
  ts: z.number(),
};

/**
 * One sentence,
 * in two lines.
 */
export const Say = z
  .object({
    /** What is said. */
    text: z.string(),
    // No doc comment.
    plain: z.string(),
    words: z.array(
      z.object({
        /** Lower case. */
        word: z.string(),
      }),
    ),
    ...about,
  })
  .refine(isGood);

/** Far away from what follows. */

const other = 1;
export const Bare = z.string();
export const Long = z.object({ ...Say.shape });
`;

describe("what is written about the contracts", () => {
  const comments = readComments([{ path: "say.ts", text: SOURCE }]);

  it.each([
    ["a constant", "Say", "One sentence, in two lines."],
    ["a member", "Say.text", "What is said."],
    ["a member inside a list", "Say.words.word", "Lower case."],
    ["a member of a spread", "Say.ts", "When."],
    ["a member of another schema's shape", "Long.text", "What is said."],
  ])("is found for %s", (_what, name, text) => {
    expect(comments.get(name)).toBe(text);
  });

  it("is nothing for what has no doc comment of its own", () => {
    expect([comments.get("Say.plain"), comments.get("Say.words"), comments.get("Bare")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is nothing when the source cannot be read", () => {
    expect(() => readComments([{ path: "broken.ts", text: "export const = ;" }])).toThrow(/broken\.ts/);
  });
});
