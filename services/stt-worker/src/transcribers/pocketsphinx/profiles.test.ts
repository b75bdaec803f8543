import { expect, test } from "vitest";
import { grammarOptions, openOptions } from "./profiles.ts";

test.for(["full", "narrow"] as const)(
  "with the profile %s both searches count the same Gaussians of the same sound, from the same zero",
  (profile) => {
    const { topn, remove_noise } = openOptions(profile);

    expect(topn).toBeDefined();
    expect(grammarOptions(profile)).toMatchObject({ topn, remove_noise, compallsen: "yes" });
  },
);

test("a grammar alone has nothing to be compared with", () => {
  expect(grammarOptions("grammar_only")).not.toHaveProperty("compallsen");
});
