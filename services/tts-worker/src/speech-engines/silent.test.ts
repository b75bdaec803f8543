import { describe, expect, it } from "vitest";
import { CLAIMS_OF_ENGINE, describeSpeechEngine } from "../speech-engine.conformance.ts";
import { openSilentEngine } from "./silent.ts";

describeSpeechEngine("silent", () => openSilentEngine({ charsPerSec: 15 }));

describe("the conformance suite of speech engines", () => {
  it("refuses an engine for which every sentence is equally long, and that cannot be aborted", async () => {
    async function* second(): AsyncGenerator<Int16Array, void, undefined> {
      yield new Int16Array(16_000);
    }
    const good = openSilentEngine({ charsPerSec: 15 });
    const broken = { ...good, synthesize: async () => ({ expectedMs: 1_000, pcm: second() }) };

    for (const title of [
      "takes longer for a longer sentence, and knows about how long",
      "rejects with the reason when it was aborted",
      "reads a very long text",
    ]) {
      await expect(CLAIMS_OF_ENGINE[title]?.(broken)).rejects.toThrow();
    }
  });
});
