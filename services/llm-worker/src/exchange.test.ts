import { describe, expect, test } from "vitest";
import { type Exchange, type ExchangeEffect, type ExchangeEvent, QUEUED, step } from "./exchange.ts";

/** Everything that is done over a sequence of events. */
function play(...events: readonly ExchangeEvent[]): readonly ExchangeEffect[] {
  let state: Exchange = QUEUED;
  return events.flatMap((event) => {
    const [next, effects] = step(state, event);
    state = next;
    return effects;
  });
}

const started: ExchangeEvent = { type: "started", atMs: 100 };
const text = (said: string, atMs: number): ExchangeEvent => ({ type: "text_received", text: said, atMs });
const finished: ExchangeEvent = { type: "finished", tokens: { total_tokens: 7 }, atMs: 500 };

describe("an exchange", () => {
  test("streams its text under growing numbers, ends the stream, and answers once", () => {
    expect(play(started, text("It is", 300), text(" late.", 400), finished)).toEqual([
      { do: "stream", seq: 1, stage: "thinking" },
      { do: "stream", seq: 2, delta: "It is" },
      { do: "stream", seq: 3, delta: " late." },
      { do: "hang_up" },
      { do: "stream", seq: 4, done: true },
      {
        do: "respond",
        response: { reply: "It is late.", tokens: { total_tokens: 7 }, first_token_ms: 200, total_ms: 400 },
      },
    ]);
  });

  test("says that it lives while it waits and while it thinks", () => {
    expect(play({ type: "quiet_elapsed" }, started, { type: "quiet_elapsed" })).toEqual([
      { do: "stream", seq: 1, stage: "queued" },
      { do: "stream", seq: 2, stage: "thinking" },
      { do: "stream", seq: 3, stage: "thinking" },
    ]);
  });

  test("that fails in the middle keeps what was said and ends its stream", () => {
    const effects = play(started, text("It is", 300), { type: "failed", sentence: "The server broke off.", atMs: 400 });

    expect(effects.slice(-3)).toEqual([
      { do: "hang_up" },
      { do: "stream", seq: 3, done: true },
      {
        do: "respond",
        response: { error: "The server broke off.", partial: "It is", first_token_ms: 200, total_ms: 300 },
      },
    ]);
  });

  test("that is cancelled answers with what there was of it", () => {
    const effects = play(started, text("It is", 300), { type: "cancelled", atMs: 350 });

    expect(effects.at(-1)).toEqual({
      do: "respond",
      response: { reply: "It is", cancelled: true, first_token_ms: 200, total_ms: 250 },
    });
  });

  test("cancelled in the queue was never begun", () => {
    expect(play({ type: "cancelled", atMs: 0 })).toEqual([
      { do: "hang_up" },
      { do: "stream", seq: 1, done: true },
      { do: "respond", response: { reply: "", cancelled: true } },
    ]);
  });

  test("without any text is an error, not an empty reply", () => {
    const effects = play(started, text("", 200), text("  ", 300), finished);

    expect(effects.at(-1)).toMatchObject({ response: { error: "The model answered nothing." } });
  });

  test("that is over does nothing more, whatever comes", () => {
    const effects = play(started, finished, text("late", 600), finished, { type: "cancelled", atMs: 700 });

    expect(effects.filter((effect) => effect.do === "respond")).toHaveLength(1);
    expect(effects.at(-1)).toMatchObject({ do: "respond" });
  });
});
