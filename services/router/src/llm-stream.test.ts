import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EMPTY_STREAM, isWhole, type LlmStream, readMessage, readReply, type StreamMessage } from "./llm-stream.ts";

function readAll(messages: readonly StreamMessage[]): readonly [LlmStream, string] {
  let stream = EMPTY_STREAM;
  let text = "";
  for (const message of messages) {
    const [next, certain] = readMessage(stream, message);
    stream = next;
    text += certain;
  }
  return [stream, text];
}

const message = (seq: number | undefined, delta: string, done = false): StreamMessage => ({ seq, delta, done });

describe("a model's stream", () => {
  it("hands out each message as it comes, in order", () => {
    const [stream, text] = readAll([message(1, "It "), message(2, "is"), message(3, "", true)]);

    expect(text).toBe("It is");
    expect(isWhole(stream)).toBe(true);
  });

  it("takes messages without a number as they come", () => {
    const [stream, text] = readAll([message(undefined, "It "), message(undefined, "is", true)]);

    expect(text).toBe("It is");
    expect(isWhole(stream)).toBe(true);
  });

  it("holds back what follows a gap until the gap is filled", () => {
    const [gap, before] = readAll([message(1, "a"), message(3, "c"), message(4, "", true)]);
    const [filled, after] = readMessage(gap, message(2, "b"));

    expect([before, isWhole(gap)]).toEqual(["a", false]);
    expect([after, isWhole(filled)]).toEqual(["bc", true]);
  });

  it("repairs a gap from the whole reply without repeating a word", () => {
    const [gap] = readAll([message(1, "One. "), message(3, "Three.")]);

    expect(readReply(gap, "One. Two. Three.")[1]).toBe("Two. Three.");
  });

  it("repairs a gap from a reply that was trimmed", () => {
    const [gap] = readAll([message(1, " One. "), message(3, "Three.")]);

    expect(readReply(gap, "One. Two.")[1]).toBe("Two.");
  });

  it("adds nothing from a reply that contradicts what was handed out", () => {
    const [stream] = readAll([message(1, "One. ")]);

    expect(readReply(stream, "Uno. Dos.")[1]).toBe("");
  });

  it("is the same text for any loss, doubling and order of its messages, once the reply has come", () => {
    const pieces = fc.array(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 12 });
    const fates = fc.array(fc.record({ place: fc.nat(11), key: fc.nat() }), { maxLength: 30 });

    fc.assert(
      fc.property(pieces, fates, (deltas, arrivals) => {
        const messages = arrivals.flatMap(({ place }) =>
          deltas[place] === undefined ? [] : [message(place + 1, deltas[place])],
        );
        const [stream, text] = readAll(messages);

        expect(deltas.join("").startsWith(text)).toBe(true);
        expect(text + readReply(stream, deltas.join(""))[1]).toBe(deltas.join(""));
      }),
    );
  });
});
