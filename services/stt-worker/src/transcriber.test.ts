import { expect, test } from "vitest";
import { CLAIMS_OF_TRANSCRIBER } from "./transcriber.conformance.ts";
import { FakeDecoder, type FakeUtterance } from "./transcriber.fixture.ts";
import type { Transcriber, UtteranceOptions } from "./transcriber.ts";

/** Reads everything it is given as the one sentence, and nothing out of nothing. */
class ReadingDecoder extends FakeDecoder {
  override begin(options: UtteranceOptions): FakeUtterance {
    const utterance = super.begin(options);
    const grammar = this.grammars.at(-1);
    const finish = utterance.finish.bind(utterance);
    const feed = utterance.feed.bind(utterance);
    utterance.feed = (pcm) => {
      feed(pcm);
      utterance.partial("what");
    };
    utterance.finish = () => {
      setImmediate(() => {
        if (utterance.isOver) return;
        const text = utterance.sampleCount > 0 ? "what time is it" : "";
        utterance.isOver = true;
        utterance.result.resolve({
          open: { text, phones: [...text] },
          command: grammar && { text, phones: [...text] },
          words: [],
          grammarVersion: grammar?.version,
        });
      });
      return finish();
    };
    return utterance;
  }
}

function reading(spoil: (decoder: ReadingDecoder) => void = () => undefined): Transcriber {
  return {
    name: "reading",
    open: (listener) => {
      const decoder = new ReadingDecoder(listener);
      spoil(decoder);
      decoder.state = { kind: "up", facts: { profile: "full", realTimeRatio: 0.1 } };
      queueMicrotask(() => decoder.up());
      return decoder;
    },
  };
}

const speech = new Int16Array(3_200);

test.for(Object.keys(CLAIMS_OF_TRANSCRIBER))("the suite lets a good fake pass: %s", async (title) => {
  await CLAIMS_OF_TRANSCRIBER[title]?.({ transcriber: reading(), speech });
});

test("the suite sees a decoder that takes a second utterance while it reads one", async () => {
  const greedy = reading((decoder) => {
    const begin = decoder.begin.bind(decoder);
    decoder.begin = (options) => {
      const last = decoder.utterances.at(-1);
      if (last !== undefined) last.isOver = true;
      return begin(options);
    };
  });

  await expect(
    CLAIMS_OF_TRANSCRIBER["reads one utterance at a time"]?.({ transcriber: greedy, speech }),
  ).rejects.toThrow();
});

test("the suite sees a decoder that keeps what was dropped", async () => {
  const sticky = reading((decoder) => {
    const begin = decoder.begin.bind(decoder);
    decoder.begin = (options) => {
      const utterance = begin(options);
      utterance.sampleCount = decoder.utterances.at(-2)?.sampleCount ?? 0;
      return utterance;
    };
  });

  const title = "forgets what was dropped, and is free at once";
  await expect(CLAIMS_OF_TRANSCRIBER[title]?.({ transcriber: sticky, speech })).rejects.toThrow();
});
