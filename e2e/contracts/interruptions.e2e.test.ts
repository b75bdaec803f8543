/** What a run of contracts says when its connections, and not the contracts, are at fault. */
import { type Interceptor, type Link, openLink, type TestBroker } from "@ts-tars/harness";
import { afterEach, expect, test } from "vitest";
import { fuzzContracts } from "./fuzz-all.ts";

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

/** A link before each broker of a run, each packet seen by an interceptor of its own. */
function through(openInterceptor: (link: Link) => Interceptor): (broker: TestBroker) => Promise<string> {
  return async ({ target }) => {
    const link = stack.use(await openLink({ target }));
    link.intercept(openInterceptor(link));
    return link.url;
  };
}

/** Cuts instead of the third acknowledgement: the message was handled, and comes again with the next connection. */
function cutsAtThird(link: Link): Interceptor {
  let pubackCount = 0;
  return ({ direction, packet }) => {
    if (direction !== "up" || packet?.cmd !== "puback") return undefined;
    pubackCount += 1;
    if (pubackCount < 3) return undefined;
    link.cut();
    return "drop";
  };
}

test.each(["tts/say", "turn/cancel"])(
  "on %s what was on its way over a lost connection is sent again",
  async (only) => {
    let linkCount = 0;
    const dial = through((link) => {
      linkCount += 1;
      return linkCount === 1 ? cutsAtThird(link) : () => undefined;
    });

    const campaign = await fuzzContracts({ seed: 1, count: 100, only, range: { dial } });

    expect(campaign).toMatchObject({ mishaps: [], isGivenUp: false, tallies: [{ sent: 100, violations: [] }] });
    expect(campaign.interruptions).toHaveLength(1);
  },
);

test("a run whose connections are lost again and again is given up without a word against a contract", async () => {
  const dial = through(cutsAtThird);

  const campaign = await fuzzContracts({ seed: 1, count: 1_000, only: "tts/say", range: { dial } });

  expect(campaign).toMatchObject({ mishaps: [], isGivenUp: true, tallies: [{ isLeft: true, violations: [] }] });
});

test("a payload of which nothing becomes on two connections that stand is a violation", async () => {
  const dial = through(() => ({ direction, packet }) => {
    const isSwallowed = direction === "down" && packet?.cmd === "publish" && packet.topic === "llm/stream";
    return isSwallowed ? "drop" : undefined;
  });

  const campaign = await fuzzContracts({
    seed: 1,
    count: 4,
    only: "llm/stream",
    range: { dial, outcomeDeadlineMs: 200 },
  });

  expect(campaign.tallies.flatMap(({ violations }) => violations)).toContainEqual(
    expect.stringContaining("nothing became of it, and as little when it was sent again"),
  );
});
