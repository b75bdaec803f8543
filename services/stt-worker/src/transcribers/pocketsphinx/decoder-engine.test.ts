import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DecoderEngine } from "./decoder-engine.ts";
import type { Native } from "./library.ts";
import type { News } from "./orders.ts";

/** A library that reads the one text while it is fed, and the other behind its end, whatever the sound. */
function library(first: string, second: string): Native {
  let isOver = false;
  return {
    version: "5prealpha",
    open: () => "decoder",
    setGrammar: () => 0,
    useSearch: () => 0,
    addMixture: () => true,
    free: () => 0,
    startUtterance: () => {
      isOver = false;
      return 0;
    },
    endUtterance: () => {
      isOver = true;
      return 0;
    },
    process: () => 0,
    hypothesis: () => (isOver ? second : first),
    addWord: () => 0,
    lookUp: (_, word) => [...word].join(" "),
    firstSegment: () => null,
    nextSegment: () => null,
    segmentWord: () => "",
    segmentFrames: () => undefined,
    segmentScores: () => 0,
  };
}

test.for([
  ["the second pass counts", "can you you fly", "how do you fly", "how do you fly"],
  ["but where it finds nothing the first one does", "stop talking", "", "stop talking"],
])("%s", async ([, first = "", second = "", expected]) => {
  const modelDir = await mkdtemp(join(tmpdir(), "stt-no-models-"));
  onTestFinished(() => rm(modelDir, { recursive: true }));
  for (const name of ["en-us", "en-us.lm.bin", "cmudict-en-us.dict"]) await writeFile(join(modelDir, name), "");
  const news: News[] = [];
  const engine = new DecoderEngine({
    modelDir,
    profile: "full",
    native: library(first, second),
    tell: (one) => news.push(one),
  });

  engine.handle({ do: "begin", utterance: 1 });
  engine.handle({ do: "feed", pcm: new Int16Array(160) });
  engine.handle({ do: "finish" });

  expect(news).toMatchObject([{ type: "final", utterance: 1, readings: { open: { text: expected } } }]);
});
