import type { LLMRequest } from "@ts-tars/contracts";
import { manualClock, recorder } from "@ts-tars/harness";
import { describe, expect, test } from "vitest";
import { type ChatModel, ChatModelError, type ChatPiece } from "./chat-model.ts";
import { Exchanges, type ExchangesDeps } from "./exchanges.ts";

type Said = Parameters<ExchangesDeps["say"]>[0];
type Responded = Parameters<ExchangesDeps["respond"]>[0];

/** One call of the model: the test says what comes of it. */
interface Call {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  readonly finish: () => void;
  readonly fail: (error: Error) => void;
}

function openStage(overrides: Partial<ExchangesDeps> = {}) {
  const clock = manualClock();
  const calls = recorder<Call>(() => "a call");
  const said = recorder<Said>();
  const responses = recorder<Responded>();
  const outcomes: (ChatModelError | undefined)[] = [];
  const model: ChatModel = {
    provider: "scripted",
    model: "test",
    answer: (_question, { signal }) => openCall(calls.push, signal),
  };
  const exchanges = new Exchanges({
    model,
    clock,
    deadlines: { firstTextMs: 15_000, warmUpMs: 60_000, stallMs: 10_000, wholeMs: 85_000, quietMs: 4_500 },
    concurrency: 1,
    waitingMax: 2,
    prompt: ({ text }) => [{ role: "user", content: text }],
    say: said.push,
    respond: responses.push,
    onOutcome: (error) => void outcomes.push(error),
    ...overrides,
  });
  return { clock, calls, said, responses, outcomes, exchanges };
}

async function* openCall(push: (call: Call) => void, signal: AbortSignal): AsyncGenerator<ChatPiece> {
  const pieces = recorder<ChatPiece | Error | "end">();
  signal.addEventListener("abort", () => pieces.push(new Error("aborted")));
  push({
    signal,
    say: (text) => pieces.push({ type: "text", text }),
    finish: () => pieces.push("end"),
    fail: pieces.push,
  });
  for (;;) {
    const piece = await pieces.next({ deadlineMs: 5_000 });
    if (piece === "end") return;
    if (piece instanceof Error) throw piece;
    yield piece;
  }
}

const request = (id: string, overrides: Partial<LLMRequest> = {}): LLMRequest => ({
  message_id: "",
  id,
  text: "how late is it",
  stream: true,
  site_id: "default",
  ...overrides,
});

describe("exchanges", () => {
  test("answer one after the other, in order, when the model takes one at a time", async () => {
    const { exchanges, calls, responses } = openStage();

    for (const id of ["a", "b"]) exchanges.accept(request(id));
    for (const text of ["first", "second"]) {
      const call = await calls.next();
      call.say(text);
      call.finish();
    }

    expect((await responses.take(2)).map(({ id, reply }) => [id, reply])).toEqual([
      ["a", "first"],
      ["b", "second"],
    ]);
  });

  test("begin a request once that is delivered twice", async () => {
    const { exchanges, calls, responses } = openStage();

    exchanges.accept(request("a"));
    exchanges.accept(request("a"));
    (await calls.next()).fail(new ChatModelError({ code: "server_failed", sentence: "It failed." }));
    exchanges.accept(request("b"));
    const call = await calls.next();
    call.say("yes");
    call.finish();

    expect((await responses.take(2)).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("refuse a request when too many wait, in words", () => {
    const { exchanges, responses } = openStage();

    for (const id of ["running", "w1", "w2", "over"]) exchanges.accept(request(id));

    expect(responses.seen).toMatchObject([{ id: "over", error: "Too many questions are waiting for the model." }]);
    exchanges.close();
  });

  test("cancelled while they run hang up, answer, and let the next one begin", async () => {
    const { exchanges, calls, responses } = openStage();
    exchanges.accept(request("a"));
    exchanges.accept(request("b"));
    const first = await calls.next();

    expect(exchanges.cancel("a")).toBe(true);

    expect(first.signal.aborted).toBe(true);
    expect(responses.seen).toMatchObject([{ id: "a", cancelled: true }]);
    const second = await calls.next();
    second.say("yes");
    second.finish();
    await responses.until(({ id }) => id === "b");
    exchanges.close();
  });

  test("cancelled before they come are dropped, for 120 s", async () => {
    const { exchanges, calls, clock, responses } = openStage();

    expect(exchanges.cancel("a")).toBe(false);
    exchanges.accept(request("a"));
    await clock.advance(119_000);
    exchanges.accept(request("a"));
    expect(calls.seen).toEqual([]);
    await clock.advance(1_001);
    exchanges.accept(request("a"));

    await calls.next();
    expect(responses.seen).toEqual([]);
    exchanges.close();
  });

  test("say that they live at least every 5 s", async () => {
    const { exchanges, said, clock } = openStage();

    exchanges.accept(request("a"));
    exchanges.accept(request("b"));
    await clock.advance(14_000);

    expect(said.seen.filter(({ id }) => id === "a").map(({ stage }) => stage)).toEqual([
      "thinking",
      "thinking",
      "thinking",
      "thinking",
    ]);
    expect(said.seen.filter(({ id }) => id === "b").map(({ stage }) => stage)).toEqual(["queued", "queued", "queued"]);
    exchanges.close();
  });

  test("wait longer for the very first word than for that of a model that has answered before", async () => {
    const { exchanges, calls, clock, responses } = openStage();
    exchanges.accept(request("cold"));
    const first = await calls.next();
    await clock.advance(59_000);
    first.say("yes");
    first.finish();
    await responses.until(({ id }) => id === "cold");

    exchanges.accept(request("warm"));
    await calls.next();
    await clock.advance(15_001);

    expect(responses.seen.at(-1)).toMatchObject({ id: "warm", error: "The model did not begin to answer." });
  });

  test("keep what was said when the model stops in the middle", async () => {
    const { exchanges, calls, clock, responses, said } = openStage();
    exchanges.accept(request("a"));
    const call = await calls.next();
    call.say("It is");
    await said.until(({ delta }) => delta === "It is");

    await clock.advance(10_001);

    expect(responses.seen).toMatchObject([{ error: "The model stopped in the middle.", partial: "It is" }]);
    expect(call.signal.aborted).toBe(true);
  });

  test("end after the whole deadline, waiting included", async () => {
    const { exchanges, clock, responses } = openStage({
      deadlines: { firstTextMs: 1e6, warmUpMs: 1e6, stallMs: 1e6, wholeMs: 85_000, quietMs: 4_500 },
    });

    exchanges.accept(request("a"));
    exchanges.accept(request("b"));
    await clock.advance(85_001);

    expect(responses.seen).toMatchObject([
      { id: "a", error: "The model took too long." },
      { id: "b", error: "The model took too long." },
    ]);
  });

  test("leave no timer behind", async () => {
    const { exchanges, calls, clock, responses } = openStage();
    exchanges.accept(request("a"));
    exchanges.cancel("x");
    const call = await calls.next();
    call.say("yes");
    call.finish();
    await responses.next();

    exchanges.close();

    expect(clock.pendingCount).toBe(0);
  });

  test("tell of each outcome", async () => {
    const { exchanges, calls, outcomes, responses } = openStage();
    exchanges.accept(request("a"));
    (await calls.next()).fail(new Error("boom"));
    await responses.next();

    expect(outcomes).toMatchObject([{ code: "server_failed" }]);
    expect(responses.seen).toMatchObject([{ error: "The model failed." }]);
  });
});
