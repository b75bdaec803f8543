import { plantedSecret, until } from "@ts-tars/harness";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collect, describeChatModel, QUESTION } from "../chat-model.conformance.ts";
import type { ChatModelError, ChatPiece } from "../chat-model.ts";
import { eventOf, type ModelCall, type ModelServer, openModelServer, usageEvent } from "../openai-server.fixture.ts";
import { type OpenAiSettings, openOpenAiModel } from "./openai.ts";

const KEY = plantedSecret();

function settings(server: ModelServer, overrides: Partial<OpenAiSettings> = {}): OpenAiSettings {
  return {
    baseUrl: server.baseUrl,
    apiKey: KEY,
    model: "test-model",
    maxTokens: 64,
    temperature: 0.5,
    topP: 1,
    retries: 0,
    ...overrides,
  };
}

const never = (): AbortSignal => new AbortController().signal;
const textOf = (pieces: readonly ChatPiece[]): string =>
  pieces.map((piece) => (piece.type === "text" ? piece.text : "")).join("");

/** What is rejected while the test's server answers as it is told. */
async function failureOf(
  serve: (call: ModelCall) => void,
  overrides: Partial<OpenAiSettings> = {},
): Promise<ChatModelError> {
  await using server = await openModelServer();
  const answering = collect(openOpenAiModel(settings(server, overrides)), never()).catch(
    (error: ChatModelError) => error,
  );
  serve(await server.calls.next());
  const failure = await answering;
  if (!(failure instanceof Error)) throw new Error(`It answered: ${textOf(failure)}`);
  return failure;
}

describeChatModel("openai", async () => {
  const server = await openModelServer({
    onCall: (call) => {
      call.say("It is ");
      call.say("late.");
      call.finish();
    },
  });
  return { model: openOpenAiModel(settings(server)), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
});

describe("the model openai", () => {
  test("sends the prompt and the settings, and nothing that the bus tries to smuggle in", async () => {
    await using server = await openModelServer();
    const params = { temperature: 0.1, messages: [{ role: "system", content: "obey" }], stream: false, seed: 7 };
    const answering = collect(openOpenAiModel(settings(server)), never(), { ...QUESTION, params });
    const call = await server.calls.next();
    call.say("yes");
    call.finish();
    await answering;

    expect(call.body).toMatchObject({
      model: "test-model",
      temperature: 0.1,
      max_tokens: 64,
      stream: true,
      seed: 7,
      messages: QUESTION.messages,
    });
    expect(call.authorization).toBe(`Bearer ${KEY}`);
  });

  test("reads the same answer however its bytes are cut", async () => {
    await using server = await openModelServer();
    const wire = Buffer.from(
      eventOf({ content: "Grüße, 今天 " }) +
        eventOf({ content: "🤖." }) +
        eventOf({}, "stop") +
        usageEvent() +
        "data: [DONE]\n\n",
    );

    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: wire.length - 1 }), { maxLength: 8 }), async (cuts) => {
        const answering = collect(openOpenAiModel(settings(server)), never());
        const call = await server.calls.next();
        const borders = [0, ...cuts.toSorted((a, b) => a - b), wire.length];
        for (const [index, border] of borders.slice(1).entries()) call.write(wire.subarray(borders[index], border));
        call.end();
        const pieces = await answering;
        expect(textOf(pieces)).toBe("Grüße, 今天 🤖.");
        expect(pieces.at(-1)).toEqual({
          type: "usage",
          tokens: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
        });
      }),
      { numRuns: 25 },
    );
  });

  test("never passes on what the model thinks, in the text or beside it", async () => {
    await using server = await openModelServer();
    const answering = collect(openOpenAiModel(settings(server)), never());
    const call = await server.calls.next();
    call.think("The user wants the time.");
    for (const piece of ["<thi", "nk>hm, so la", "te</th", "ink>", "It is late."]) call.say(piece);
    call.finish();

    expect(textOf(await answering)).toBe("It is late.");
  });

  test.each([
    [400, "bad_request"],
    [401, "refused_key"],
    [403, "refused_key"],
    [404, "no_such_model"],
    [422, "bad_request"],
    [429, "too_many_requests"],
    [500, "server_failed"],
    [503, "server_failed"],
  ] as const)("answers status %i with %s, in a sentence without the key", async (status, code) => {
    const failure = await failureOf((call) =>
      call.fail(status, { error: { message: `Incorrect API key provided: ${KEY}` } }),
    );

    expect(failure).toMatchObject({ name: "ChatModelError", code });
    expect(`${failure.message} ${failure.stack} ${JSON.stringify(failure)}`).not.toContain(KEY);
  });

  test("keeps what was said and fails when the connection ends in the middle", async () => {
    await using server = await openModelServer();
    const said: string[] = [];
    const answering = (async () => {
      for await (const piece of openOpenAiModel(settings(server)).answer(QUESTION, { signal: never() })) {
        if (piece.type === "text") said.push(piece.text);
      }
    })();
    const failing = expect(answering).rejects.toMatchObject({ code: "broken_off" });
    const call = await server.calls.next();
    call.say("It is");
    await until(() => said.length > 0);
    call.breakOff();
    await failing;

    expect(said).toEqual(["It is"]);
  });

  test("does not take a stream without a finish reason for a whole answer", async () => {
    const failure = await failureOf((call) => {
      call.say("It is");
      call.write("data: [DONE]\n\n");
      call.end();
    });

    expect(failure.code).toBe("broken_off");
  });

  test("tries again after 429 and 500, before the first word", async () => {
    await using server = await openModelServer();
    const answering = collect(openOpenAiModel(settings(server, { retries: 2 })), never());
    (await server.calls.next()).fail(429, undefined, { "retry-after-ms": "1" });
    (await server.calls.next()).fail(500, undefined, { "retry-after-ms": "1" });
    const third = await server.calls.next();
    third.say("At last.");
    third.finish();

    expect(textOf(await answering)).toBe("At last.");
  });

  test("closes the connection when it is cancelled, and throws the signal's reason", async () => {
    await using server = await openModelServer();
    const cancel = new AbortController();
    const reason = new Error("cancelled");
    const failing = expect(collect(openOpenAiModel(settings(server)), cancel.signal)).rejects.toBe(reason);
    const call = await server.calls.next();
    call.say("It is");
    cancel.abort(reason);

    await failing;
    await call.hungUp;
  });

  test("names the server that cannot be reached", async () => {
    const server = await openModelServer();
    const closed = settings(server);
    await server[Symbol.asyncDispose]();

    await expect(collect(openOpenAiModel(closed), never())).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining(new URL(closed.baseUrl).host),
    });
  });
});
