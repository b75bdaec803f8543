import { expect, test } from "vitest";
import type { Ended } from "../transport/transport.ts";
import { type EndContext, judge } from "./verdict.ts";

const FIRST_TRY: EndContext = { protocol: "5", mayFallBack: true, hadSuccess: false, stoodMs: undefined };
const ended = (parts: Partial<Ended> = {}): Ended => ({
  error: new Error("ended"),
  refusedCode: undefined,
  disconnectCode: undefined,
  byPeer: true,
  ...parts,
});
const withCode = (code: string): Error => Object.assign(new Error(code), { code });

test.each([0x85, 0x86, 0x87, 0x8a])("MQTT 5 refusal 0x%x is fatal before the first success", (refusedCode) => {
  expect(judge(ended({ refusedCode }), FIRST_TRY)).toEqual({ kind: "refused", reasonCode: refusedCode });
});

test.each([2, 4, 5])("MQTT 3.1.1 refusal %i is fatal before the first success", (refusedCode) => {
  const context: EndContext = { ...FIRST_TRY, protocol: "3.1.1" };

  expect(judge(ended({ refusedCode }), context)).toEqual({ kind: "refused", reasonCode: refusedCode });
});

test.each([
  { protocol: "5" as const, refusedCode: 0x88 },
  { protocol: "5" as const, refusedCode: 0x89 },
  { protocol: "5" as const, refusedCode: 0x97 },
  { protocol: "3.1.1" as const, refusedCode: 3 },
])("a broker of MQTT $protocol that is only unavailable or busy ($refusedCode) is asked again", (refusal) => {
  const context: EndContext = { ...FIRST_TRY, protocol: refusal.protocol };

  expect(judge(ended({ refusedCode: refusal.refusedCode }), context)).toEqual({ kind: "retry", pace: "normal" });
});

test.each([0x86, 2, 5])("refusal %i after a success is tried again at the slowest pace", (refusedCode) => {
  const context: EndContext = { ...FIRST_TRY, hadSuccess: true, mayFallBack: false };

  expect(judge(ended({ refusedCode }), context)).toEqual({ kind: "retry", pace: "slowest" });
});

test.each([0x84, 1])("the refusal of the version (%i) leads to MQTT 3.1.1", (refusedCode) => {
  expect(judge(ended({ refusedCode }), FIRST_TRY)).toEqual({ kind: "fall_back" });
});

test("the refusal of the version is fatal where the protocol was demanded, and where there is no older one", () => {
  const demanded: EndContext = { ...FIRST_TRY, mayFallBack: false };
  const oldest: EndContext = { ...FIRST_TRY, protocol: "3.1.1" };

  expect(judge(ended({ refusedCode: 0x84 }), demanded)).toEqual({ kind: "refused", reasonCode: 0x84 });
  expect(judge(ended({ refusedCode: 1 }), oldest)).toEqual({ kind: "refused", reasonCode: 1 });
});

test.each(["DEPTH_ZERO_SELF_SIGNED_CERT", "ERR_TLS_CERT_ALTNAME_INVALID", "CERT_HAS_EXPIRED"])(
  "a certificate that cannot be trusted (%s) is fatal before the first success and slow after it",
  (code) => {
    const end = ended({ error: withCode(code) });

    expect(judge(end, FIRST_TRY)).toEqual({ kind: "refused", reasonCode: undefined });
    expect(judge(end, { ...FIRST_TRY, hadSuccess: true })).toEqual({ kind: "retry", pace: "slowest" });
  },
);

test.each(["CERT_NOT_YET_VALID", "ENOTFOUND", "EAI_AGAIN", "ECONNRESET", "ETIMEDOUT"])(
  "what passes by itself (%s) is always tried again",
  (code) => {
    expect(judge(ended({ error: withCode(code) }), FIRST_TRY)).toEqual({ kind: "retry", pace: "normal" });
  },
);

test("a closed port is asked again at its own pace, also when several addresses were tried", () => {
  const several = new AggregateError([withCode("ECONNREFUSED"), withCode("ECONNREFUSED")]);

  expect(judge(ended({ error: withCode("ECONNREFUSED") }), FIRST_TRY)).toEqual({ kind: "retry", pace: "prompt" });
  expect(judge(ended({ error: several }), FIRST_TRY)).toEqual({ kind: "retry", pace: "prompt" });
});

test("a connection that was up and ended is tried again, whatever ended it", () => {
  const context: EndContext = { ...FIRST_TRY, hadSuccess: true, stoodMs: 100 };

  expect(judge(ended({ disconnectCode: 0x8b }), context)).toEqual({ kind: "retry", pace: "normal" });
  expect(judge(ended({ error: withCode("ECONNRESET") }), context)).toEqual({ kind: "retry", pace: "normal" });
});

test("a connection that stood for a while is made again promptly, one that was closed at once is not", () => {
  const context = (stoodMs: number): EndContext => ({ ...FIRST_TRY, hadSuccess: true, stoodMs });

  expect(judge(ended(), context(2_000))).toEqual({ kind: "retry", pace: "prompt" });
  expect(judge(ended(), context(1_999))).toEqual({ kind: "retry", pace: "normal" });
});

test("a broker that says that the session was taken over means another client of our id", () => {
  const context: EndContext = { ...FIRST_TRY, hadSuccess: true, stoodMs: 100 };

  expect(judge(ended({ disconnectCode: 0x8e }), context)).toEqual({ kind: "taken_over" });
});
