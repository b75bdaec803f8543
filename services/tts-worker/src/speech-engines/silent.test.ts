import { describe, expect, it } from "vitest";
import { CLAIMS_OF_ENGINE, describeSpeechEngine } from "../speech-engine.conformance.ts";
import { openSilentEngine } from "./silent.ts";

describeSpeechEngine("silent", () => openSilentEngine({ charsPerSec: 15 }));

describe("the conformance suite of speech engines", () => {
  it("refuses an engine for which every sentence is equally long", async () => {
    const broken = { ...openSilentEngine({ charsPerSec: 15 }), synthesize: async () => ({ durationMs: 1_000 }) };

    await expect(CLAIMS_OF_ENGINE["takes longer for a longer sentence"]?.(broken)).rejects.toThrow();
    await expect(CLAIMS_OF_ENGINE["rejects with the reason when it was aborted"]?.(broken)).rejects.toThrow();
  });
});
