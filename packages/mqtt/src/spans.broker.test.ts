/** Traces over two clients, as a hook sees them; the adapter of `@ts-tars/telemetry` makes real spans of the same. */
import { type Recorder, recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mark, murmur, openSite, order, type Site, sum, word } from "./client.fixture.ts";
import type { Hooks, SpanEnd, SpanStart } from "./hooks.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const FROM_OUTSIDE = `00-${"f".repeat(32)}-${"e".repeat(16)}-01`;

type Ended = SpanStart & SpanEnd & { readonly own: string };

/** A hook that gives each span a number of its own, and its trace to what it was caused by. */
function tracer(): { readonly hooks: Hooks; readonly ended: Recorder<Ended> } {
  const ended = recorder<Ended>(({ kind, topic, outcome }) => `${kind} ${topic} ${outcome}`);
  let count = 0;
  const onSpan: Hooks["onSpan"] = (begun) => {
    count += 1;
    const number = count.toString(16);
    const trace = begun.traceparent?.split("-")[1] ?? number.padStart(32, "a");
    const own = `00-${trace}-${number.padStart(16, "0")}-01`;
    return { traceparent: own, run: (work) => work(), end: (end) => ended.push({ ...begun, ...end, own }) };
  };
  return { hooks: { onSpan }, ended };
}

/** The span of this kind and topic, when it has ended. */
async function spanOf({ ended }: { readonly ended: Recorder<Ended> }, what: string): Promise<Ended> {
  return await ended.until(({ kind, topic }) => `${kind} ${topic}` === what);
}

test("what a handler publishes belongs to the handler's span, and that to the publisher's", async () => {
  const traces = tracer();
  const relay = site.open({ hooks: traces.hooks });
  const asker = site.open({ hooks: traces.hooks });
  await relay.client.subscribe(word, () => void relay.client.publish(mark, { text: "heard" })).active;
  await asker.client.subscribe(mark, async () => Promise.resolve()).active;

  asker.client.publish(word, { text: "hello" }, { correlationId: "turn" });

  const said = await spanOf(traces, "publish test/word");
  const heard = await spanOf(traces, "handle test/word");
  const relayed = await spanOf(traces, "publish test/mark");
  const end = await spanOf(traces, "handle test/mark");
  expect([said, heard, relayed, end].map(({ traceparent }) => traceparent)).toEqual([
    undefined,
    said.own,
    heard.own,
    relayed.own,
  ]);
  expect([said, heard, relayed, end].map(({ outcome }) => outcome)).toEqual(["confirmed", "done", "confirmed", "done"]);
  expect([said, heard, relayed, end].map(({ correlationId }) => correlationId)).toEqual(Array(4).fill("turn"));
  expect([heard.id, end.id]).toEqual([said.id, relayed.id]);
});

test("a question, what is sent for it and its answer are one trace", async () => {
  const traces = tracer();
  const answering = site.open({ hooks: traces.hooks });
  const asking = site.open({ hooks: traces.hooks });
  await answering.client.respond(sum, ({ data: { a, b } }) => ({ sum: a + b })).active;

  await asking.client.request(sum, { a: 1, b: 2 });

  const asked = await spanOf(traces, `request ${sum.request.name}`);
  const sent = await spanOf(traces, `publish ${sum.request.name}`);
  const handled = await spanOf(traces, `handle ${sum.request.name}`);
  const replied = await spanOf(traces, `publish ${sum.reply.name}`);
  expect([sent, handled, replied].map(({ traceparent }) => traceparent)).toEqual([asked.own, sent.own, handled.own]);
  expect([asked.outcome, asked.isFailure, asked.id]).toEqual(["answered", false, sent.id]);
});

test("a span says how it failed: a handler after its attempts, a question without an answer, data that breaks the contract", async () => {
  const traces = tracer();
  const { client } = site.open({ hooks: traces.hooks });
  const fail = (): never => {
    throw new Error("not today");
  };
  await client.subscribe(word, fail, { retry: { attempts: 2, minDelayMs: 1, maxDelayMs: 1 }, onFailure: "drop" })
    .active;

  client.publish(word, { text: "hello" });
  await expect(client.request(sum, { a: 1, b: 2 }, { timeoutMs: 50 })).rejects.toThrow();
  // @ts-expect-error: a publisher without types
  expect(() => client.publish(mark, { text: 1 })).toThrow();

  const spans = [
    await spanOf(traces, "handle test/word"),
    await spanOf(traces, `request ${sum.request.name}`),
    await spanOf(traces, "publish test/mark"),
  ];
  expect(spans.map(({ outcome, isFailure }) => [outcome, isFailure])).toEqual([
    ["failed", true],
    ["failed", true],
    ["rejected", true],
  ]);
});

test("a stream's span ends when it is queued, and one that waits at a lost link with its deadline", async () => {
  const traces = tracer();
  const { client } = site.open({ hooks: traces.hooks });
  await client.ready();
  client.publish(murmur, { text: "hm" });
  const queued = await spanOf(traces, "publish test/murmur");
  await site.link.close();

  await expect(client.publishConfirmed(order, { text: "go" }, { timeoutMs: 100 })).rejects.toThrow();

  const expired = await spanOf(traces, "publish test/order");
  expect([queued.outcome, expired.isFailure]).toEqual(["queued", true]);
});

test("a client that traces nothing carries the trace of what it handles", async () => {
  const traces = tracer();
  const relay = site.open();
  const asker = site.open({
    hooks: {
      onSpan: (begun) => {
        const span = traces.hooks.onSpan?.(begun);
        return span && { ...span, traceparent: FROM_OUTSIDE };
      },
    },
  });
  await relay.client.subscribe(word, () => void relay.client.publish(mark, { text: "heard" })).active;
  await asker.client.subscribe(mark, () => undefined).active;

  asker.client.publish(word, { text: "hello" });

  expect((await spanOf(traces, "handle test/mark")).traceparent).toBe(FROM_OUTSIDE);
});
