import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTraceparent, renderTraceparent } from "./traceparent.ts";

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((digits) => digits.join(""))
    .filter((text) => !/^0+$/u.test(text));

test("whatever is written is read as it was", () => {
  const parents = fc.record({ traceId: hex(32), spanId: hex(16), traceFlags: fc.integer({ min: 0, max: 255 }) });

  fc.assert(
    fc.property(parents, (parent) => {
      expect(parseTraceparent(renderTraceparent(parent))).toEqual(parent);
    }),
  );
});

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test("the example of the recommendation, and one of a version to come, are read", () => {
  const expected = { traceId: TRACE, spanId: SPAN, traceFlags: 1 };

  expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual(expected);
  expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`)).toEqual(expected);
});

test.each([
  ["nothing", ""],
  ["words", "turn"],
  ["the forbidden version", `ff-${TRACE}-${SPAN}-01`],
  ["more than version 00 has", `00-${TRACE}-${SPAN}-01-more`],
  ["a trace of zeros", `00-${"0".repeat(32)}-${SPAN}-01`],
  ["a span of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
  ["capitals", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ["a short trace", `00-${TRACE.slice(1)}-${SPAN}-01`],
])("%s is no traceparent", (_what, text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});
